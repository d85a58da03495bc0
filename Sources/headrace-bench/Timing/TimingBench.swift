import Headrace
import HeadraceSystem

/// `headrace-bench timing`: who waits for whom, and how long, where all that is done is to sleep.
enum TimingBench {
  static func run(_ report: consuming Report) throws {
    report.begin("timing", pinned: [], columns: ["experiment", "where", "figure", "measured", "expected"])
    var bars: [Bar] = []
    try shapes(&report, &bars)
    try calls(&report, &bars)
    try microBatches(&report, &bars)
    try straggler(&report, &bars)
    report.end(bars)
  }

  private static func shapes(_ report: inout Report, _ bars: inout [Bar]) throws {
    var worst = 0.0
    for experiment in SleepingStages.all {
      let measured = try experiment.measure(items: report.isBrief ? 20 : 100)
      for (index, (found, wanted)) in zip(measured, experiment.expected).enumerated() {
        for (figure, found, wanted) in [("put", found.put, wanted.put), ("get", found.get, wanted.get)] {
          // Where nothing is to be waited, a tenth of the shortest wait that there is.
          worst = max(worst, abs(found - wanted) / max(wanted, 5))
          add(
            &report, "sleeping stages \(experiment.name)", "behind stage \(index)", "\(figure)_ms", found, wanted)
        }
        worst = max(worst, abs(found.occupancy - wanted.occupancy))
        add(
          &report, "sleeping stages \(experiment.name)", "behind stage \(index)", "occupancy", found.occupancy,
          wanted.occupancy)
      }
    }
    bars.append(
      Bar(
        claim: "waits at queues within 10 % of what they should be", value: HumanUnits.share(worst),
        isMet: worst <= 0.1))
  }

  private static func calls(_ report: inout Report, _ bars: inout [Bar]) throws {
    let blocking = try SleepingCalls.blocking()
    let suspending = try SleepingCalls.suspending()
    let name = "\(SleepingCalls.count) calls of 100 ms"
    add(&report, name, "64 threads", "elapsed_ms", blocking.milliseconds, 100)
    add(&report, name, "async", "elapsed_ms", suspending.milliseconds, 100)
    add(&report, name, "async", "pipeline_threads", Double(suspending.pipelineThreads), 2)
    add(&report, name, "async", "process_threads", Double(suspending.processThreads), nil)
    for (way, outcome) in [("on 64 threads", blocking), ("as async operations", suspending)] {
      bars.append(
        Bar(
          claim: "64 calls of 100 ms \(way) in less than 130 ms",
          value: HumanUnits.seconds(outcome.milliseconds / 1e3), isMet: outcome.milliseconds < 130))
    }
    bars.append(
      Bar(
        claim: "as async operations with at most 4 threads",
        value: HumanUnits.count(suspending.pipelineThreads, "thread"),
        isMet: suspending.pipelineThreads <= 4))
  }

  private static func microBatches(_ report: inout Report, _ bars: inout [Bar]) throws {
    let second = try MicroBatches.secondGroup()
    add(&report, "micro-batches", "second of two groups", "wait_ms", second, 400)
    bars.append(
      Bar(
        claim: "4 + 4 requests, calls of 200 ms: all answered within 450 ms", value: HumanUnits.seconds(second / 1e3),
        isMet: second <= 450))
    let lone = Quantiles(try MicroBatches.lone(count: report.isBrief ? 5 : 40))
    for (label, share) in [("least", 0.0), ("median", 0.5), ("most", 1.0)] {
      add(&report, "micro-batches", "lone requests, \(label)", "wait_ms", lone[share] ?? .nan, 50)
    }
    let least = lone[0] ?? 0
    let most = lone[1] ?? .infinity
    bars.append(
      Bar(
        claim: "a lone request waits 50 ms, 3 more or less",
        value: "\(HumanUnits.seconds(least / 1e3)) to \(HumanUnits.seconds(most / 1e3))",
        isMet: least >= 47 && most <= 53))
  }

  private static func straggler(_ report: inout Report, _ bars: inout [Bar]) throws {
    let completion = try Straggler.measure(.completion, prefetch: 64)
    let input = try Straggler.measure(.input, prefetch: 512)
    add(&report, "straggler of 2 s", "completion", "next_p99_ms", completion.nextP99Milliseconds, nil)
    // The last of all is the straggler itself.
    add(&report, "straggler of 2 s", "completion", "next_max_ms", completion.nextMaxMilliseconds, nil)
    add(&report, "straggler of 2 s", "completion", "done_meanwhile", Double(completion.doneMeanwhile), nil)
    add(&report, "straggler of 2 s", "input", "done_meanwhile", Double(input.doneMeanwhile), 512)
    bars.append(
      Bar(
        claim: "by completion, the p99 of next() does not see a straggler of 2 s: below 20 ms",
        value: HumanUnits.seconds(completion.nextP99Milliseconds / 1e3), isMet: completion.nextP99Milliseconds < 20))
    bars.append(
      Bar(
        claim: "in input order, all samples that there is room for are done meanwhile: 500 of 512 at least",
        value: "\(input.doneMeanwhile)", isMet: input.doneMeanwhile >= 500))
  }

  private static func add(
    _ report: inout Report, _ experiment: String, _ place: String, _ figure: String, _ measured: Double,
    _ expected: Double?
  ) {
    var line = JSONLine()
    line.add("bench", "timing")
    line.add("experiment", experiment)
    line.add("where", place)
    line.add("figure", figure)
    line.add("measured", measured, places: 3)
    line.add("expected", expected, places: 3)
    report.add(
      line,
      [
        experiment, place, figure, HumanUnits.decimal(measured, places: 2),
        expected.map { HumanUnits.decimal($0, places: 2) } ?? "-",
      ])
  }
}
