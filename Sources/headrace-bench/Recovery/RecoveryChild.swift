import Headrace
import HeadraceSystem

/// A trainer whose workers are killed at random moments, and who counts what that costs it: a process of its own, which
/// is cold.
///
/// Prints lines of a word and numbers, which `RecoveryBench` reads.
enum RecoveryChild {
  /// What the samples of an epoch told.
  private struct Account {
    var lost = 0
    var duplicated = 0
    var outOfOrder = 0

    mutating func add(_ numbers: [Int]) {
      let expected = RecoveryPipeline.expected
      let seen = Set(numbers)
      lost += expected.count { !seen.contains($0) }
      duplicated += numbers.count - seen.count
      outOfOrder += zip(numbers, numbers.dropFirst()).count { $0 >= $1 }
    }
  }

  /// - Parameter workers: processes that call the closures; 0: none beside the worker.
  static func run(kills: Int, workers: Int) throws {
    let greed = try Greed()
    let group = MemoryGroup(byteCount: 64 << 20)
    var batches = try runPipelineInSubprocess(
      RecoveryPipeline.make(greed), threads: workers == 0 ? 2 : 1,
      workers: workers == 0 ? nil : workers, slots: 8)
    let ring = batches.ring
    let killer = Killer(
      ring: ring, rootID: Int32(batches.rootProcessID ?? 0), hasPool: workers > 0, kills: kills, greed: greed,
      group: group)
    try Thread.start { killer.run() }
    var account = Account()
    var longestWait = 0.0
    // To the end of the epoch in which the last one was killed, and one more, which has to be whole as well.
    var furtherEpochs = 1
    while furtherEpochs >= 0 {
      var numbers: [Int] = []
      while true {
        let begun = MonotonicClock.now
        guard let batch = try batches.next(timeout: .seconds(60)) else { break }
        longestWait = max(longestWait, Double(MonotonicClock.now - begun) / 1e6)
        let values = try batch.tensor("x", as: Int64.self)
        for row in 0..<batch.count { numbers.append(Int(values[row])) }
      }
      account.add(numbers)
      if killer.isDone { furtherEpochs -= 1 }
    }
    for (kind, milliseconds) in killer.recoveries { print("recovery \(kind.rawValue) \(milliseconds)") }
    print("lost \(account.lost)")
    print("duplicated \(account.duplicated)")
    print("order_violations \(account.outOfOrder)")
    print("left_out \(batches.takeFailures().count)")
    print("restarts \(batches.restartCount)")
    print("longest_wait \(longestWait)")
  }
}
