import Headrace
import HeadraceSystem

/// The second part of `headrace-bench start`: workers of a process that is warm and large, by the fork server.
struct WarmStart {
  private static let mostWorkerSeconds = 0.020
  private static let mostFirstSeconds = 0.060
  private static let mostStopSeconds = 0.050
  private static let mostTurnSeconds = 0.001

  private let byteCount: Int
  private let starts: Int
  private let worker: Quantiles
  private let firstBatch: Quantiles
  private let stop: Quantiles
  private let turn: Quantiles
  private let ownFork: Quantiles
  private let refusal: String

  static let columns = [
    "parent", "worker p50", "max", "first batch p50", "max", "stop p50", "max", "epoch turn p50", "p90",
    "fork of the parent itself", "ratio",
    "direct fork", "starts",
  ]

  /// - Throws: `ChildFailure`; what the started process did not print.
  static func measure(_ shard: String, isBrief: Bool) throws -> WarmStart {
    // No more than half of what there is, or the machine would swap.
    let wanted = isBrief ? 64 << 20 : 4 << 30
    let byteCount = min(wanted, (AvailableMemory.byteCount ?? wanted) / 2)
    let starts = isBrief ? 3 : 25
    let output = try Program.runSelf(["start-warm-child", shard, String(byteCount), String(starts)])
    let lines = output.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 2 }
    func seconds(_ word: String, count: Int) throws -> Quantiles {
      let values = lines.filter { $0[0] == word }.compactMap { Double($0[1]) }.map { $0 / 1e9 }
      guard values.count == count else { throw Unreadable(word: word, count: values.count) }
      return Quantiles(values)
    }
    guard let refusal = lines.first(where: { $0[0] == "direct_fork" })?[1] else {
      throw Unreadable(word: "direct_fork", count: 0)
    }
    return WarmStart(
      byteCount: byteCount, starts: starts, worker: try seconds("worker", count: starts),
      firstBatch: try seconds("first_batch", count: starts), stop: try seconds("stop", count: starts),
      turn: try seconds("epoch_turn", count: starts * WarmChild.turnsPerStart),
      ownFork: try seconds("own_fork", count: starts), refusal: String(refusal))
  }

  func add(to report: inout Report) {
    var line = JSONLine()
    line.add("bench", "start_warm")
    line.add("start_method", StartMethod.forkServer.rawValue)
    line.add("parent_bytes", byteCount)
    line.add("worker_seconds", worker.median, places: 6)
    line.add("worker_seconds_max", worker[1] ?? 0, places: 6)
    line.add("first_batch_seconds", firstBatch.median, places: 6)
    line.add("first_batch_seconds_max", firstBatch[1] ?? 0, places: 6)
    line.add("stop_seconds", stop.median, places: 6)
    line.add("stop_seconds_max", stop[1] ?? 0, places: 6)
    line.add("epoch_turn_seconds", turn.median, places: 6)
    line.add("epoch_turn_seconds_p90", turn[0.9] ?? 0, places: 6)
    line.add("own_fork_seconds", ownFork.median, places: 6)
    line.add("ratio", worker.median / ownFork.median, places: 3)
    line.add("direct_fork", refusal)
    line.add("starts", starts)
    report.add(
      line,
      [
        HumanUnits.bytes(byteCount), HumanUnits.seconds(worker.median), HumanUnits.seconds(worker[1] ?? 0),
        HumanUnits.seconds(firstBatch.median), HumanUnits.seconds(firstBatch[1] ?? 0),
        HumanUnits.seconds(stop.median), HumanUnits.seconds(stop[1] ?? 0),
        HumanUnits.seconds(turn.median), HumanUnits.seconds(turn[0.9] ?? 0),
        HumanUnits.seconds(ownFork.median), HumanUnits.decimal(worker.median / ownFork.median, places: 2), refusal,
        "\(starts)",
      ])
  }

  var bars: [Bar] {
    [
      Bar(
        claim: "warm parent, to a running worker: at most 20 ms", value: HumanUnits.seconds(worker.median),
        isMet: worker.median <= Self.mostWorkerSeconds),
      Bar(
        claim: "warm parent, to the first batch: at most 60 ms", value: HumanUnits.seconds(firstBatch.median),
        isMet: firstBatch.median <= Self.mostFirstSeconds),
      Bar(
        claim: "a loader with idle stages stops within 50 ms, the longest of all",
        value: HumanUnits.seconds(stop[1] ?? 0),
        isMet: (stop[1] ?? 0) <= Self.mostStopSeconds),
      Bar(
        claim: "from an epoch's last batch to the next one's first, worker warm: under 1 ms",
        value: HumanUnits.seconds(turn.median), isMet: turn.median < Self.mostTurnSeconds),
      Bar(claim: "a direct fork of the warm parent is refused", value: refusal, isMet: refusal == "forkUnsafe"),
    ]
  }

  private struct Unreadable: Error, CustomStringConvertible {
    let word: String
    let count: Int
    var description: String { "the started process printed \(count) lines of \(word)" }
  }
}
