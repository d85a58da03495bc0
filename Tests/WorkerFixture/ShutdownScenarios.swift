import Glibc
import Headrace
import HeadraceSystem

/// A loader ends in a way that the arguments name, and the trainer goes on: what is left of it is counted.
enum ShutdownScenarios {
  /// `shutdown end|break|throw|worker|supervisor fork|fork-server`.
  static func shutdown(_ scenario: Scenario) throws {
    let isServed = scenario.text(1) == "fork-server"
    if isServed { try bootstrap() }
    // What a first use leaves for ever is there from then on.
    _ = try run("break", isServed)
    emit("before", figures(isServed))
    do {
      emit("ending", try run(scenario.text(0), isServed))
    } catch {
      emit("ending", error)
    }
    emit("after", figures(isServed))
    emit("kept_children", ProcessFigures.children(getpid()).count - (isServed ? 1 : 0))
  }

  private static func run(_ way: String, _ isServed: Bool) throws -> String {
    let epochs = way == "end" ? 1 : nil
    var batches =
      isServed
      ? try runPipelineInSubprocess(
        GenericPipeline<Int32>(count: 1_000), threads: 2, slots: 4, epochs: epochs, restarts: 0)
      : try runPipelineInSubprocess(Samples.pipeline(1_000), threads: 2, slots: 4, epochs: epochs, restarts: 0)
    let worker = Int32(batches.workerProcessID ?? 0)
    let supervisor = ProcessFigures.parent(worker)
    var count = 0
    do throws(HeadraceError) {
      while let batch = try batches.next() {
        count += batch.count
        guard count == 50 else { continue }
        switch way {
        case "break": return "\(count) samples"
        case "throw": throw HeadraceError(.stageFailed, "the trainer has failed")
        case "worker": kill(worker, SIGKILL)
        case "supervisor": kill(supervisor, SIGKILL)
        default: break
        }
      }
    } catch {
      return "\(error.code)"
    }
    return "\(count) samples"
  }

  /// Open files by kind, and memory of rings.
  private static func figures(_ isServed: Bool) -> String {
    let server = isServed ? ProcessFigures.children(getpid()).first : nil
    let ofServer =
      server.map { " server \(ProcessFigures.openKinds($0)) rings \(ProcessFigures.mappedRings($0))" } ?? ""
    return "\(ProcessFigures.openKinds(getpid())) rings \(ProcessFigures.mappedRings(getpid()))\(ofServer)"
  }

  /// A trainer that takes all batches, and may be stopped and continued meanwhile: `consume METHOD`.
  static func consume(_ scenario: Scenario) throws {
    let isServed = scenario.text(0) == "fork-server"
    if isServed { try bootstrap() }
    let length = 20_000
    var batches =
      isServed
      ? try runPipelineInSubprocess(GenericPipeline<Int32>(count: Int32(length)), threads: 2, slots: 4, epochs: 1)
      : try runPipelineInSubprocess(Samples.pipeline(length), threads: 2, slots: 4, epochs: 1)
    var values: [Int] = []
    while let batch = try batches.next() {
      values += try Samples.values(batch)
      if values.count == 100 { emit("worker", batches.workerProcessID ?? 0) }
    }
    emit("exact", values == Array(0..<length))
    emit("restarts", batches.restartCount)
  }

  /// A stop by name, of a stage that never ends or of one that does: `stop-named stuck|idle|running METHOD`.
  static func named(_ scenario: Scenario) throws {
    let isStuck = scenario.text(0) == "stuck"
    let page = SharedPage.common
    let isServed = scenario.text(1) == "fork-server"
    if isServed { try bootstrap() }
    var batches = try runPipelineInSubprocess(
      StuckPipeline(isLong: isStuck), threads: 2, slots: 4,
      placement: scenario.text(1) == "same-process" ? .sameProcess : .subprocess,
      stopTimeout: isStuck ? .milliseconds(200) : .seconds(60))
    if isStuck { page.wait(.reached) } else { _ = try batches.next() }
    let start = MonotonicClock.now
    let running = batches.stop()
    emit("elapsed_ms", Double((MonotonicClock.now - start) / 1000) / 1000)
    emit("running", running.map { "\($0.stage) \($0.position) \($0.sample?.key ?? "-")" }.joined(separator: "; "))
    emit("kept_children", ProcessFigures.children(getpid()).count - (isServed ? 1 : 0))
    // A thread that never ends would keep this process.
    fflush(nil)
    _exit(0)
  }
}
