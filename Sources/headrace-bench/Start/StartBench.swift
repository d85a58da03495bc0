import Headrace
import HeadraceSystem

/// `headrace-bench start`: from before the start of a process to its first batch, by the starter's clock.
enum StartBench {
  private static let mostSeconds = 0.050

  static func run(_ report: consuming Report) throws {
    let shard = try StartShard()
    try measureCold(&report, shard.path)
    let warm = try WarmStart.measure(shard.path, isBrief: report.isBrief)
    report.goOn("loaders of a process with gigabytes, Dispatch, tasks and timers", columns: WarmStart.columns)
    warm.add(to: &report)
    report.end(warm.bars)
  }

  private static func measureCold(_ report: inout Report, _ shard: String) throws {
    report.begin(
      "start", pinned: [], columns: ["first batch p50", "p90", "process that does nothing", "ratio", "runs"])
    let runs = report.isBrief ? 5 : 25
    // The first start finds the program's pages on disk, or not: that is the page cache's doing and not counted.
    _ = try Program.runSelf(["start-child", shard])
    var first: [Double] = []
    var spawn: [Double] = []
    for _ in 0..<runs {
      first.append(try measureFirstBatch(shard))
      spawn.append(try measureSpawn())
    }
    let seconds = Quantiles(first)
    let limit = Quantiles(spawn).median
    var line = JSONLine()
    line.add("bench", "start")
    line.add("first_batch_seconds", seconds.median, places: 6)
    line.add("first_batch_seconds_p90", seconds[0.9], places: 6)
    line.add("spawn_seconds", limit, places: 6)
    line.add("ratio", seconds.median / limit, places: 3)
    line.add("runs", runs)
    report.add(
      line,
      [
        HumanUnits.seconds(seconds.median), HumanUnits.seconds(seconds[0.9] ?? 0), HumanUnits.seconds(limit),
        HumanUnits.decimal(seconds.median / limit, places: 2), "\(runs)",
      ])
    report.end([
      Bar(
        claim: "first batch, at most 50 ms after the start of the process", value: HumanUnits.seconds(seconds.median),
        isMet: seconds.median <= mostSeconds)
    ])
  }

  private static func measureFirstBatch(_ shard: String) throws -> Double {
    let start = MonotonicClock.now
    let output = try Program.runSelf(["start-child", shard])
    guard let arrival = UInt64(output.prefix { $0.isNumber }), arrival > start else { throw UnreadableAnswer() }
    return Double(arrival - start) / 1e9
  }

  private static func measureSpawn() throws -> Double {
    let start = MonotonicClock.now
    _ = try Program.runSelf(["start-child"])
    return Double(MonotonicClock.now - start) / 1e9
  }

  private struct UnreadableAnswer: Error, CustomStringConvertible {
    var description: String { "the started process did not tell when its first batch arrived" }
  }
}
