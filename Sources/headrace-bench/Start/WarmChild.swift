import Dispatch
import Headrace
import HeadraceSystem

/// A process that has used Dispatch, a `Task` and a timer and holds gigabytes, as a trainer does, and then starts
/// loaders.
///
/// Prints lines of a word and a number: `own_fork`, `worker`, `first_batch`, `stop` and `epoch_turn` with nanoseconds,
/// `direct_fork` with the code of its refusal.
enum WarmChild {
  /// Epochs turned for each start.
  static let turnsPerStart = 12

  static func run(shard: String, byteCount: Int, starts: Int) throws {
    try Headrace.bootstrap()
    // Touched, so that there are pages: what a fork of this process would have to go through.
    let memory = [UInt8](repeating: 1, count: byteCount)
    for _ in 0..<starts { print("own_fork \(try measureFork())") }
    let timer = warmUp()
    let pipeline = try StartPipeline(shard: shard).makePipeline()
    do throws(HeadraceError) {
      _ = try runPipelineInSubprocess(pipeline, slots: 4)
    } catch {
      print("direct_fork \(error.code)")
    }
    for _ in 0..<starts {
      let start = MonotonicClock.now
      var batches = try runPipelineInSubprocess(StartPipeline(shard: shard), slots: 4)
      let running = MonotonicClock.now
      guard let batch = try batches.next(), batch.count == StartShard.spec.size else { throw StartPipeline.NoBatch() }
      let arrived = MonotonicClock.now
      guard batches.startMethod == .forkServer else { throw StartPipeline.NoBatch() }
      print("worker \(running - start)")
      print("first_batch \(arrived - start)")
      // At the end of the epoch all stages are idle.
      drop(batch)
      while try batches.next() != nil {}
      let stopping = MonotonicClock.now
      guard batches.stop().isEmpty else { throw StartPipeline.StuckStop() }
      print("stop \(MonotonicClock.now - stopping)")
    }
    for turn in try TurnPipeline.measureTurns(starts * turnsPerStart) { print("epoch_turn \(turn)") }
    withExtendedLifetime((memory, timer)) {}
  }

  private static func drop(_: consuming Batch) {}

  /// A fork of this process as it is, to the end of the child.
  private static func measureFork() throws -> UInt64 {
    let start = MonotonicClock.now
    var child = try ChildProcess(name: "headrace-bench", on: .forkedThread) { _ in 0 }
    _ = Poll.wait(child.descriptor.number)
    _ = child.reap()
    return MonotonicClock.now - start
  }

  private static func warmUp() -> any DispatchSourceTimer {
    let group = DispatchGroup()
    for _ in 0..<4 {
      DispatchQueue.global().async(group: group) {}
      group.enter()
      Task.detached { group.leave() }
    }
    group.wait()
    let timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now(), repeating: .milliseconds(10))
    timer.setEventHandler {}
    timer.resume()
    return timer
  }
}
