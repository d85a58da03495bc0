import Testing

@testable import HeadraceCore

/// The exposition format, read back by a parser that knows the specification and not the writer.
@Suite struct PrometheusTextTests {
  private static let stages = [
    StageStatistics(
      name: "source", concurrency: 1, taskCount: 57_504, elapsedSeconds: 10, taskSeconds: 0.0115,
      taskSecondsP50: 2e-7, taskSecondsP90: 3e-7, taskSecondsP99: 9e-7, busy: 0.04, blocked: 0.96),
    StageStatistics(
      name: "decode", concurrency: 4, taskCount: 6_098, failureCount: 3, filteredCount: 20, retryCount: 7,
      timeoutCount: 2, quarantinedCount: 1, activeCount: 3, elapsedSeconds: 10, taskSeconds: 34.5,
      taskSecondsP50: 0.006, taskSecondsP90: 0.009, taskSecondsP99: 0.011, busy: 0.75, blocked: 0.125, starved: 0.125,
      output: QueueStatistics(
        itemCount: 6_075, byteCount: 3_000_000_000, elapsedSeconds: 10, putSeconds: 0.5, putSecondsP90: 0.01,
        putSecondsP99: 0.02, getSeconds: 1.5, getSecondsP90: 0.03, getSecondsP99: 0.04, queueSeconds: 12.5,
        occupancy: 0.25)),
  ]

  @Test func everyPropertyOfAStageIsThere() throws {
    let page = try PrometheusPage(PrometheusText(Self.stages, waitSeconds: 2.5).description)
    let decode = page.samples.filter { $0.labels["stage"] == "decode" }
    #expect(
      Dictionary(uniqueKeysWithValues: decode.map { ($0.name + ($0.labels["quantile"] ?? ""), $0.value) }) == [
        "headrace_stage_concurrency": 4, "headrace_stage_active_tasks": 3, "headrace_stage_tasks_total": 6_098,
        "headrace_stage_failures_total": 3, "headrace_stage_filtered_total": 20, "headrace_stage_retries_total": 7,
        "headrace_stage_timeouts_total": 2, "headrace_stage_quarantined_total": 1,
        "headrace_stage_elapsed_seconds_total": 10, "headrace_stage_busy_seconds_total": 7.5,
        "headrace_stage_blocked_seconds_total": 1.25, "headrace_stage_starved_seconds_total": 1.25,
        "headrace_stage_task_seconds0.5": 0.006, "headrace_stage_task_seconds0.9": 0.009,
        "headrace_stage_task_seconds0.99": 0.011, "headrace_stage_task_seconds_sum": 34.5,
        "headrace_stage_task_seconds_count": 6_098, "headrace_queue_items_total": 6_075,
        "headrace_queue_bytes_total": 3_000_000_000, "headrace_queue_elapsed_seconds_total": 10,
        "headrace_queue_occupied_seconds_total": 2.5, "headrace_queue_wait_seconds_total": 12.5,
        "headrace_queue_put_wait_seconds0.9": 0.01, "headrace_queue_put_wait_seconds0.99": 0.02,
        "headrace_queue_put_wait_seconds_sum": 0.5, "headrace_queue_put_wait_seconds_count": 6_075,
        "headrace_queue_get_wait_seconds0.9": 0.03, "headrace_queue_get_wait_seconds0.99": 0.04,
        "headrace_queue_get_wait_seconds_sum": 1.5, "headrace_queue_get_wait_seconds_count": 6_075,
      ])
    #expect(page.samples.count == decode.count * 2 + 1)
    let wait = try #require(page.samples.last)
    #expect(wait == .init(name: "headrace_trainer_wait_seconds_total", labels: [:], value: 2.5))
  }

  @Test func everyMetricHasHelpAndATypeThatItsNameKeeps() throws {
    let page = try PrometheusPage(PrometheusText(Self.stages, waitSeconds: 0).description)
    #expect(Set(page.types.keys) == Set(page.helps.keys))
    for (name, type) in page.types {
      #expect(name.hasPrefix("headrace_"))
      #expect(name.hasSuffix("_total") == (type == "counter"), "\(name) is a \(type)")
      #expect(page.helps[name]?.hasSuffix(".") == true, "\(name)")
      #expect(name.wholeMatch(of: /[a-z_]+/) != nil, "\(name)")
      // Base units, in the plural.
      #expect(name.firstMatch(of: /_(ms|us|milliseconds|microseconds|kilobytes|percent)/) == nil, "\(name)")
    }
    #expect(Set(page.types.values) == ["counter", "gauge", "summary"])
  }

  @Test(arguments: [
    #"a "quoted" name"#, #"back\slash"#, "line\nfeed", #"\"#, #"\n"#, "\"", "\\\n\"", "tab\tand brace}", "画像 é 🎬",
    "carriage\r\nreturn", "", "a,b=\"c\"} 7",
  ])
  func anyNameOfAStageReadsBack(name: String) throws {
    let text = PrometheusText([StageStatistics(name: name, concurrency: 2)]).description
    let page = try PrometheusPage(text)
    #expect(page.samples.count > 20)
    #expect(page.samples.allSatisfy { Array(($0.labels["stage"] ?? "none").utf8) == Array(name.utf8) }, "\(text)")
    #expect(page.samples.first?.value == 2)
  }

  @Test func escapesAreThoseOfTheSpecification() {
    #expect(PrometheusText.escaped("a\\b\"c\nd\te") == #"a\\b\"c\nd"# + "\te")
  }

  @Test(arguments: [
    (0, "0"), (-0.0, "0"), (3, "3"), (2.5, "2.5"), (1e-7, "1e-07"), (3_000_000_000, "3000000000"), (.nan, "NaN"),
    (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e300, "1e+300"),
  ])
  func numbersAreAsTheFormatHasThem(value: Double, text: String) {
    #expect(PrometheusText.number(value) == text)
  }

  @Test func linesOfOneMetricStandTogetherBehindItsType() throws {
    let text = PrometheusText(Self.stages).description
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    #expect(
      text.hasPrefix(
        """
        # HELP headrace_stage_concurrency Samples that the stage may work on at once.
        # TYPE headrace_stage_concurrency gauge
        headrace_stage_concurrency{stage="source"} 1
        headrace_stage_concurrency{stage="decode"} 4
        # HELP headrace_stage_active_tasks Calls at work at this moment.

        """))
    #expect(
      text.contains(
        """
        # TYPE headrace_stage_task_seconds summary
        headrace_stage_task_seconds{stage="source",quantile="0.5"} 2e-07
        headrace_stage_task_seconds{stage="source",quantile="0.9"} 3e-07
        headrace_stage_task_seconds{stage="source",quantile="0.99"} 9e-07
        headrace_stage_task_seconds_sum{stage="source"} 0.0115
        headrace_stage_task_seconds_count{stage="source"} 57504
        headrace_stage_task_seconds{stage="decode",quantile="0.5"} 0.006

        """))
  }

  @Test func withoutStagesThereAreNoSamples() throws {
    let page = try PrometheusPage(PrometheusText([]).description)
    #expect(page.samples == [])
    #expect(page.types.count > 15)
  }
}
