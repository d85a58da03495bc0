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

  /// Starts a loader, takes one batch, drops it: `churn-restart CYCLES`.
  static func restart(_ scenario: Scenario) throws {
    let cycles = scenario.number(0, 200)
    var taken = 0
    for cycle in 0..<cycles {
      var batches = try runPipelineInSubprocess(Samples.pipeline(100_000), threads: 2, slots: 4)
      if let batch = try batches.next() { taken += try Samples.values(batch).count }
      if cycle == cycles / 5 { ProcessFigures(getpid()).emit("early_parent") }
    }
    ProcessFigures(getpid()).emit("late_parent")
    emit("taken", taken)
    emit("no_child", ProcessFigures.hasNoChild)
  }

  private static func emitBoth(_ when: String, _ worker: Int32) {
    ProcessFigures(getpid()).emit("\(when)_parent")
    ProcessFigures(worker).emit("\(when)_worker")
  }
}
