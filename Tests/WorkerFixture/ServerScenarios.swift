import Dispatch
import Glibc
import Headrace
import HeadraceSystem

/// Loaders that the fork server starts for a process that is warm by then.
enum ServerScenarios {
  /// Uses Dispatch, a `Task` and a thread.
  static func warmUp() throws {
    let page = SharedPage()
    DispatchQueue.global().async { page[.reached] = 1 }
    page.wait(.reached)
    Task.detached { page[.reached] = 2 }
    page.wait(.reached, for: 2)
    try Thread.start {
      page[.reached] = 3
      Assassin.stayForEver()
    }
    page.wait(.reached, for: 3)
  }

  /// What two epochs hold: `served-digest fork|fork-server|program|same-process`.
  static func digest(_ scenario: Scenario) throws {
    let method = scenario.text(0)
    if method == "fork-server" {
      try bootstrap()
      try bootstrap()
      try warmUp()
    }
    var batches =
      method == "program"
      ? try runPipelineInSubprocess(ProgramScenarios.served(), threads: 3, slots: 4, epochs: 2)
      : try runPipelineInSubprocess(
        ServedPipeline(), threads: 3, slots: 4, epochs: 2,
        placement: method == "same-process" ? .sameProcess : .subprocess)
    emit("method", batches.startMethod)
    emit("stages", batches.statistics().map(\.name).joined(separator: ","))
    var digest = 0
    while batches.hasFurtherEpoch {
      while let batch = try batches.next() { digest = try Samples.values(batch).reduce(digest) { $0 &* 31 &+ $1 } }
    }
    emit("digest", digest)
    emit("left_out", batches.takeFailures().count)
    emit("tuning", batches.frozenTuning)
    emit("is_child", batches.workerProcessID.map { $0 != Int(getpid()) } ?? false)
  }

  /// A start that fails, and then one that does not: `served-refused FAULT`.
  static func refused(_ scenario: Scenario) throws {
    try bootstrap()
    let server = ProcessFigures.children(getpid()).first ?? 0
    try warmUp()
    do throws(HeadraceError) {
      switch scenario.text(0) {
      case "hidden": _ = try ServedPipeline.runHidden()
      case "unspeakable": _ = try runPipelineInSubprocess(UnspeakablePipeline())
      case "small": _ = try runPipelineInSubprocess(ServedPipeline(), slotByteCount: 10)
      case "memory": _ = try runPipelineInSubprocess(ServedPipeline(), slotByteCount: 1 << 45)
      case "later":
        LaterReservation.fails.store(true, ordering: .relaxed)
        _ = try runPipelineInSubprocess(ServedPipeline())
      case "threads": _ = try runPipelineInSubprocess(ServedPipeline(), threads: 1_000)
      case let fault:
        _ = try runPipelineInSubprocess(
          ServedPipeline(fault: ServedPipeline.Fault(rawValue: fault) ?? .none), startTimeout: .milliseconds(500))
      }
      emit("code", "none")
    } catch {
      emit(error)
    }
    LaterReservation.fails.store(false, ordering: .relaxed)
    emit("left", ProcessFigures.children(server).count)
    var batches = try runPipelineInSubprocess(GenericPipeline<Int16>(count: 100), threads: 2, slots: 4, epochs: 1)
    var count = 0
    while let batch = try batches.next() { count += try Samples.values(batch).count }
    emit("samples", count)
  }

  /// Somebody is killed: `served-killed server|supervisor|worker-changing`. With `stopped` the supervisor is stopped,
  /// and its end is waited for.
  static func killed(_ scenario: Scenario) throws {
    try bootstrap()
    let server = ProcessFigures.children(getpid()).first ?? 0
    try warmUp()
    let fault: ServedPipeline.Fault = scenario.text(0) == "worker-changing" ? .changing : .none
    var batches = try runPipelineInSubprocess(ServedPipeline(fault: fault), threads: 2, slots: 4, epochs: 2)
    let worker = Int32(batches.workerProcessID ?? 0)
    var count = 0
    if let batch = try batches.next() { count += batch.count }
    switch scenario.text(0) {
    case "server": kill(server, SIGKILL)
    case "supervisor": kill(ProcessFigures.parent(worker), SIGKILL)
    case "stopped":
      let supervisor = ProcessFigures.parent(worker)
      kill(supervisor, SIGSTOP)
      _ = batches.stop()
      return emit("state", Assassin.state(supervisor).map { "\($0)" } ?? "gone")
    default: kill(worker, SIGKILL)
    }
    do throws(HeadraceError) {
      while batches.hasFurtherEpoch {
        while let batch = try batches.next() { count += batch.count }
      }
      emit("samples", count == 2 * ServedPipeline().expected.count ? "all" : "\(count)")
    } catch {
      emit(error)
    }
    do throws(HeadraceError) {
      var others = try runPipelineInSubprocess(ServedPipeline(), threads: 2, slots: 4, epochs: 1)
      emit("next", try others.next() != nil)
    } catch {
      emit("next", error.code)
      emit("next_message", error.message)
    }
  }

  /// Loaders that are started by several threads at once: `served-many LOADERS THREADS`.
  static func many(_ scenario: Scenario) throws {
    let loaders = scenario.number(0, 200), threads = scenario.number(1, 4)
    try bootstrap()
    try warmUp()
    let server = ProcessFigures.children(getpid()).first ?? 0
    ProcessFigures(getpid()).emit("early_trainer")
    ProcessFigures(server).emit("early_server")
    let page = SharedPage()
    for thread in 0..<threads {
      try Thread.start {
        var taken = 0
        for _ in 0..<(loaders / threads) {
          do {
            var batches = try runPipelineInSubprocess(GenericPipeline<Int32>(count: 100_000), threads: 2, slots: 4)
            if let batch = try batches.next() { taken += try Samples.values(batch).count }
          } catch {
            emit("error", error)
          }
        }
        emit("taken", "\(thread) \(taken)")
        page.add(.reached, 1)
      }
    }
    page.wait(.reached, for: UInt64(threads))
    emit("grandchildren", ProcessFigures.children(server).count)
    ProcessFigures(getpid()).emit("late_trainer")
    ProcessFigures(server).emit("late_server")
  }

  /// Paths of a factory begin where this process is when it asks: `served-directory FOLDER NAME`.
  static func directory(_ scenario: Scenario) throws {
    try bootstrap()
    FileSystem.changeDirectory(scenario.text(0))
    var batches = try runPipelineInSubprocess(ServedPipeline(file: scenario.text(1)), threads: 2, slots: 4, epochs: 1)
    emit("next", try batches.next() != nil)
  }

  /// A terminal's signal reaches all processes of the group, and this one goes on: `served-interrupt METHOD SIGNAL`.
  static func interrupt(_ scenario: Scenario) throws {
    if scenario.text(0) == "fork-server" { try bootstrap() }
    let number = Int32(scenario.number(1))
    signal(number) { _ in }
    var batches =
      scenario.text(0) == "program"
      ? try runPipelineInSubprocess(ProgramScenarios.served(), threads: 2, slots: 4, epochs: 1)
      : try runPipelineInSubprocess(ServedPipeline(), threads: 2, slots: 4, epochs: 1)
    var count = 0
    while let batch = try batches.next() {
      if count % 500 == 0 { kill(0, number) }
      count += batch.count
    }
    emit("samples", count == ServedPipeline().expected.count ? "all" : "\(count)")
    emit("restarts", batches.restartCount)
  }

  /// Time to a worker and to the first batch: `served-start MIBIBYTES`.
  static func start(_ scenario: Scenario) throws {
    try bootstrap()
    try warmUp()
    let memory = [UInt8](repeating: 1, count: scenario.number(0, 64) << 20)
    do throws(HeadraceError) {
      _ = try runPipelineInSubprocess(Samples.pipeline(10))
    } catch {
      emit("direct", error.code)
      emit("message", error.message)
    }
    for _ in 0..<5 {
      let begin = MonotonicClock.now
      var batches = try runPipelineInSubprocess(ServedPipeline(), threads: 2, slots: 4)
      let running = MonotonicClock.now
      _ = try batches.next()
      emit("start_ms", Double(running - begin) / 1e6)
      emit("first_ms", Double(MonotonicClock.now - begin) / 1e6)
    }
    emit("memory", memory.count)
  }
}
