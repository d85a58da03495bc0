import HeadraceCore
import Testing

@Suite struct StatisticsTableTests {
  private static let source = StageStatistics(
    name: "source", concurrency: 1, taskCount: 57_504, elapsedSeconds: 2, taskSeconds: 0.0115, taskSecondsP50: 0.2e-6,
    taskSecondsP90: 0.3e-6, taskSecondsP99: 0.9e-6, busy: 0.04, blocked: 0.96)
  private static let decode = StageStatistics(
    name: "decode", concurrency: 12, taskCount: 6_098, failureCount: 3, filteredCount: 20, elapsedSeconds: 2,
    taskSeconds: 23.7, taskSecondsP50: 3.6e-3, taskSecondsP90: 4e-3, taskSecondsP99: 5.1e-3, busy: 0.99,
    blocked: 0.004, starved: 0.006)
  private static let batch = StageStatistics(
    name: "batch", concurrency: 1, taskCount: 6_075, elapsedSeconds: 2, taskSeconds: 0.1, busy: 0.05, starved: 0.95)

  @Test func statisticsArePrintedAsAlignedTablesAndAVerdict() {
    #expect(
      StatisticsTable([Self.source, Self.decode, Self.batch]).description == """
        stage       tasks/s   tasks  failed  filtered
        source       28,752  57,504       0         0
        decode x12    3,049   6,098       3        20
        batch         3,038   6,075       0         0

        stage          mean     p50     p99  busy  blocked  starved
        source       0.2 us  0.2 us  0.9 us   4 %     96 %      0 %
        decode x12   3.9 ms  3.6 ms  5.1 ms  99 %      0 %      1 %
        batch       16.5 us  0.0 us  0.0 us   5 %      0 %     95 %

        bottleneck: "decode" has 99 % of its concurrency at work. Raise its concurrency
        from 12 to 24, or make it cheaper (11.9 threads are at work).
        """)
  }

  @Test func queuesAreAFurtherTableOnceSomethingHasPassedThem() {
    var (source, decode) = (Self.source, Self.decode)
    source.output = QueueStatistics(
      itemCount: 6_098, byteCount: 2_800_000_000, elapsedSeconds: 2, putSeconds: 3.964, putSecondsP90: 1,
      putSecondsP99: 1, queueSeconds: 15.9, occupancy: 0.996)
    decode.output = QueueStatistics(
      itemCount: 6_075, elapsedSeconds: 2, getSeconds: 1.1, queueSeconds: 0.12, occupancy: 0.12)
    #expect(
      StatisticsTable([source, decode], verdict: nil).description.hasSuffix(
        """

        queue behind   bytes/s  put wait  get wait  queue wait  occupancy
        source        1.4 GB/s  650.0 us    0.0 us      2.6 ms      100 %
        decode               -    0.0 us  181.1 us     19.8 us       12 %
        """))
  }

  @Test func stagesWithRetriesTimeoutsOrQuarantineAreAFurtherTable() {
    var (source, decode) = (Self.source, Self.decode)
    decode.retryCount = 1_200
    source.quarantinedCount = 2
    #expect(
      StatisticsTable([source, Self.batch, decode], verdict: .tooEarly(seconds: 0.5, callCount: 3)).description
        .hasSuffix(
          """

          stage       retries  timeouts  quarantined
          source            0         0            2
          decode x12    1,200         0            0

          bottleneck: unknown after 500.0 ms and 3 calls of the last stage: it takes 1 s
          and 20 calls to tell.
          """))
  }

  /// Days of work at a rate that no loader reaches, and each verdict.
  @Test func noLineIsLongerThanATerminalIsWide() {
    let name = "resize-and-normalise"
    let stage = StageStatistics(
      name: name, concurrency: 256, taskCount: 999_999_999_999, failureCount: 1_000_000,
      filteredCount: 1_000_000_000, retryCount: 999_999_999_999, timeoutCount: 1_000_000_000,
      quarantinedCount: 1_000_000_000, elapsedSeconds: 100_000, taskSeconds: 3e14, taskSecondsP50: 0.9994,
      taskSecondsP90: 0.9994, taskSecondsP99: 999.99, busy: 1, blocked: 1, starved: 1,
      output: QueueStatistics(
        itemCount: 1_000_000_000, byteCount: .max, elapsedSeconds: 100_000, putSeconds: 9.994e8,
        getSeconds: 9.994e8, queueSeconds: 9.9999e11, occupancy: 1))
    let threads = BottleneckVerdict.ThreadUse(active: 12.5, count: 256)
    let verdicts: [BottleneckVerdict] = [
      .tooEarly(seconds: 0.9, callCount: 999_999), .failures(stage: name, failureCount: 999_999, callCount: 999_999),
      .trainer(waitShare: 0.012, threads: threads), .trainer(waitShare: nil, threads: threads),
      .processors(share: 0.97, stage: name, stageShare: 0.9),
      .threads(from: 128, to: 256, processorShare: 0.5, stage: name, stageShare: 0.9), .source(stage: name, load: 0.99),
      .concurrency(stage: name, from: 128, to: 256, load: 0.99, threads: threads), .uneven(stage: name, load: 0.6),
    ]
    for verdict in verdicts {
      let lines = "\(StatisticsTable([stage], verdict: verdict))".split(separator: "\n")
      #expect((9...12).contains(lines.count), "\(lines)")
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    }
  }

  @Test func ratesOfAStageThatHasDoneNothingAreZero() {
    let idle = StageStatistics(name: "x", concurrency: 1)
    #expect(idle.meanTaskSeconds == 0)
    #expect(idle.tasksPerSecond == 0)
  }

  @Test func theFirstColumnIsToTheLeftAndTheOthersToTheRight() {
    let table = TextTable([["a", "bb", "c"], ["long", "1", ""], ["x"]])
    #expect(table.description == "a     bb  c\nlong   1\nx")
    #expect(TextTable([]).description == "")
  }
}
