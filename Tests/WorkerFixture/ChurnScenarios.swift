import Glibc
import Headrace

/// The consumer stops and starts again, many times.
enum ChurnScenarios {
  /// Gives up epochs of one worker: `churn-skip CYCLES`. Prints what both processes have after a fifth, and at the end.
  static func skip(_ scenario: Scenario) throws {
    let cycles = scenario.number(0, 1000)
    var batches = try runPipelineInSubprocess(Samples.pipeline(100_000), threads: 2, slots: 4)
    let worker = Int32(batches.workerProcessID ?? 0)
    var wrong = 0
    for cycle in 0..<cycles {
      for place in 0..<3 {
        guard let batch = try batches.next() else { continue }
        let values = try Samples.values(batch)
        if batch.epoch != cycle || values != Array((place * 10)..<(place * 10 + 10)) { wrong += 1 }
      }
      batches.skipRestOfEpoch()
      if cycle == cycles / 5 { emitBoth("early", worker) }
    }
    emitBoth("late", worker)
    emit("wrong", wrong)
    emit("epoch", batches.epoch)
  }

  /// Starts a loader, takes one batch, drops it: `churn-restart CYCLES fork|fork-server`.
  static func restart(_ scenario: Scenario) throws {
    let cycles = scenario.number(0, 200)
    let isServed = scenario.text(1) == "fork-server"
    if isServed { try bootstrap() }
    let server = isServed ? ProcessFigures.children(getpid()).first : nil
    var taken = 0
    for cycle in 0..<cycles {
      // All that a first loader leaves for ever is there by then.
      if cycle == cycles / 5 { emitAll("early", server) }
      var batches =
        isServed
        ? try runPipelineInSubprocess(GenericPipeline<Int32>(count: 10), threads: 2, slots: 2, epochs: 1)
        : try runPipelineInSubprocess(Samples.pipeline(10), threads: 2, slots: 2, epochs: 1)
      if let batch = try batches.next() { taken += try Samples.values(batch).count }
    }
    emitAll("late", server)
    emit("taken", taken)
    emit("kept_children", ProcessFigures.children(getpid()).count - (isServed ? 1 : 0))
    emit("kept_grandchildren", server.map { ProcessFigures.children($0).count } ?? 0)
  }

  /// Kills the worker again and again, each time once it has published: `churn-respawn CYCLES fork|fork-server`.
  static func respawn(_ scenario: Scenario) throws {
    let cycles = scenario.number(0, 200)
    let isServed = scenario.text(1) == "fork-server"
    if isServed { try bootstrap() }
    // An epoch that no death ends, and too short to be read again for long by each worker.
    var batches =
      isServed
      ? try runPipelineInSubprocess(GenericPipeline<Int32>(count: 100), threads: 2, slots: 2)
      : try runPipelineInSubprocess(Samples.pipeline(100), threads: 2, slots: 2)
    var supervisor: Int32 = 0
    for cycle in 0..<cycles {
      let worker = batches.workerProcessID
      if cycle == cycles / 5 {
        supervisor = ProcessFigures.parent(Int32(worker ?? 0))
        emitAll("early", supervisor)
      }
      if let worker { kill(Int32(worker), SIGKILL) }
      while batches.workerProcessID == worker { sched_yield() }
      // The next one publishes before it is killed: too many deaths in a row without a batch would be the end.
      let published = batches.ring.publishedCount
      repeat { _ = try batches.next() } while batches.ring.publishedCount == published
    }
    emitAll("late", supervisor)
    emit("restarts", batches.restartCount)
    emit("kept_children", ProcessFigures.children(getpid()).count - 1)
    emit("workers", ProcessFigures.children(supervisor).count)
  }

  /// - Parameter other: server or supervisor.
  private static func emitAll(_ when: String, _ other: Int32?) {
    ProcessFigures(getpid()).emit("\(when)_parent")
    if let other { ProcessFigures(other).emit("\(when)_other") }
  }

  private static func emitBoth(_ when: String, _ worker: Int32) {
    ProcessFigures(getpid()).emit("\(when)_parent")
    ProcessFigures(worker).emit("\(when)_worker")
  }
}
