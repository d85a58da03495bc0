import Glibc
import Headrace

/// Loaders that come and go.
enum LifetimeScenarios {
  /// Takes one batch of each of N loaders on threads of this process: `lifetime-same-process N`.
  static func sameProcess(_ scenario: Scenario) throws {
    let this = getpid()
    try takeOne()
    settle(this)
    ProcessFigures(this).emit("before")
    for _ in 0..<scenario.number(0, 100) { try takeOne() }
    settle(this)
    ProcessFigures(this).emit("after")
    emit("rings", ProcessFigures.mappedRings(this))
  }

  private static func takeOne() throws {
    let pipeline = Samples.pipeline(100)
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 2, placement: .sameProcess)
    if let batch = try batches.next() { _ = try Samples.values(batch) }
  }

  /// Waits until the loaders' threads, which are told to end and not waited for, have done so. The alarm bounds it.
  private static func settle(_ process: Int32) {
    while ProcessFigures(process).threads > 1 { sched_yield() }
  }
}
