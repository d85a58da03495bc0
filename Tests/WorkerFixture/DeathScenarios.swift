import Glibc
import Headrace
import HeadraceSystem

/// The worker is killed at a place that the arguments name.
enum DeathScenarios {
  /// Killed while the consumer is inside `next`: `death makeReader|stage|batch|slot SIGNAL`.
  static func death(_ scenario: Scenario) throws {
    let place = scenario.text(0)
    let signal = Int32(scenario.number(1, 9))
    let page = SharedPage()
    // One thread, so that nothing else is at work at the moment of death.
    var batches = try runPipelineInSubprocess(pipeline(place, signal, page), threads: 1, slots: 4, restarts: 0)
    var held: [Held] = []
    for _ in 0..<(place == "makeReader" ? 0 : place == "slot" ? 4 : 3) {
      guard let batch = try batches.next() else { break }
      if place == "slot" { held.append(Held(batch)) } else { _ = try Samples.values(batch) }
    }
    if place == "slot" {
      page.wait(.reached, for: 42)
      waitForPhase(.waitingForSlot, batches)
      // The next epoch is read ahead, until there is no room.
      while !InFlightTable(batches.ring).entries.isEmpty { sched_yield() }
    }
    page[.go] = 1
    try expectDeath(&batches, page)
    for held in held { emit("held", try Samples.values(held.batch).count) }
    // Letting go of leases takes nothing from the dead.
    held = []
    emit("dropped", "yes")
    expectSameAgain(&batches)
  }

  /// Killed by the parent, which is not in `next`: `death-outside starting|running|slot|idle SIGNAL`.
  static func outside(_ scenario: Scenario) throws {
    let place = scenario.text(0)
    let signal = Int32(scenario.number(1, 9))
    let page = SharedPage()
    let pipeline = Samples.pipeline(100_000) { value in
      if place == "idle" && value == 25 { throw Mishap(description: "sample 25 is bad") }
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, restarts: 0)
    switch place {
    case "slot": waitForPhase(.waitingForSlot, batches)
    case "idle":
      do {
        while let batch = try batches.next() { _ = try Samples.values(batch) }
      } catch let error as HeadraceError {
        emit("before", error.code)
      }
      waitForPhase(.idle, batches)
    case "running": if let batch = try batches.next() { _ = try Samples.values(batch) }
    default: break
    }
    page[.killedAt] = MonotonicClock.now
    let worker = Int32(batches.workerProcessID ?? 0)
    kill(worker, signal)
    // Otherwise the request of the next epoch could reach it before the signal does.
    if place == "idle" { while let state = Assassin.state(worker), state != "Z" { sched_yield() } }
    try expectDeath(&batches, page)
    expectSameAgain(&batches)
  }

  /// Killed while it is idle between epochs and the consumer is inside `next`: `death-idle SIGNAL`.
  ///
  /// A call of `next` asks for the next epoch, which ends the idleness: so the worker is stopped (SIGSTOP) before.
  static func idle(_ scenario: Scenario) throws {
    let signal = Int32(scenario.number(0, 9))
    let page = SharedPage()
    let source = HookedSource(length: 10, opening: { _ in throw Mishap(description: "no epoch") })
    let pipeline = Pipeline(from: source).batch(Samples.spec) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, restarts: 0)
    do throws(HeadraceError) {
      _ = try batches.next()
    } catch {
      emit("before", error.code)
    }
    waitForPhase(.idle, batches)
    let worker = Int32(batches.workerProcessID ?? 0)
    kill(worker, SIGSTOP)
    while Assassin.state(worker) != "T" { sched_yield() }
    let parent = getpid()
    try Thread.start {
      page.wait(.go)
      while !Assassin.isSleeping(parent) { sched_yield() }
      page[.killedAt] = MonotonicClock.now
      kill(worker, signal)
      // SIGKILL ends a stopped process; any other signal comes when it goes on, before it does anything else.
      if signal != SIGKILL { kill(worker, SIGCONT) }
    }
    page[.go] = 1
    try expectDeath(&batches, page)
    expectSameAgain(&batches)
  }

  /// Killed while the consumer lets go of leases, 20 times.
  static func dropping(_ scenario: Scenario) throws {
    var deaths = 0
    for _ in 0..<20 {
      let page = SharedPage()
      let source = HookedSource(
        length: 100_000,
        opening: { _ in
          try Thread.start {
            page.wait(.go)
            kill(getpid(), SIGKILL)
          }
        })
      let pipeline = Pipeline(from: source).batch(Samples.spec) { try Samples.write($0, to: &$1) }
      var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 8, restarts: 0)
      var held: [Held] = []
      while held.count < 8, let batch = try batches.next() { held.append(Held(batch)) }
      waitForPhase(.waitingForSlot, batches)
      page[.go] = 1
      held = []
      do {
        while let batch = try batches.next() { _ = try Samples.values(batch) }
      } catch let error as HeadraceError where error.code == .workerDied {
        deaths += 1
      }
    }
    emit("deaths", deaths)
    emit("no_child", ProcessFigures.hasNoChild)
  }

  /// Killed when it has done all epochs: nobody needs it any more.
  static func afterLastEpoch(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(Samples.pipeline(30), threads: 2, slots: 8, epochs: 1, restarts: 0)
    waitForPhase(.idle, batches)
    if let id = batches.workerProcessID { kill(Int32(id), SIGKILL) }
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("exact", values == Array(0..<30))
    emit("nil_again", try batches.next() == nil)
  }

  /// Killed in a stage that takes many samples at a time.
  static func quickStage(_ scenario: Scenario) throws {
    let page = SharedPage()
    let pipeline = Samples.pipeline(100_000) { value in
      if value == 5000 { kill(getpid(), SIGKILL) }
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 4, restarts: 0)
    page[.killedAt] = MonotonicClock.now
    try expectDeath(&batches, page)
  }

  /// A stage that ends its process, while the parent has exit handlers: `death-by-exit exit|_exit STATUS`.
  static func byExit(_ scenario: Scenario) throws {
    let isPlain = scenario.text(0) == "exit"
    let status = Int32(scenario.number(1))
    let page = SharedPage()
    atexit { print("parents_handler \(getpid())") }
    emit("parent", getpid())
    let pipeline = Samples.pipeline(100) { value in
      Assassin.work(microseconds: 100)
      guard value == 37 else { return value }
      if !isPlain { _exit(status) }
      atexit { print("workers_handler \(getpid())") }
      print("workers_line \(getpid())")
      exit(status)
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 4, restarts: 0)
    emit("worker", batches.workerProcessID ?? 0)
    try expectDeath(&batches, page)
  }

  /// A program that ignores SIGCHLD: the kernel reaps the worker, and how it ended is known nevertheless, to its
  /// supervisor.
  static func ignoredChild(_ scenario: Scenario) throws {
    signal(SIGCHLD, SIG_IGN)
    var batches = try runPipelineInSubprocess(Samples.pipeline(100_000), threads: 2, slots: 4, restarts: 0)
    waitForPhase(.waitingForSlot, batches)
    let page = SharedPage()
    page[.killedAt] = MonotonicClock.now
    if let id = batches.workerProcessID { kill(Int32(id), SIGKILL) }
    try expectDeath(&batches, page)
  }

  static func waitForPhase(_ phase: WorkerPhase, _ batches: borrowing Batches) {
    while batches.ring.workerPhase != phase { sched_yield() }
    guard phase != .running else { return }
    // A stage before may still be filling its queue: wait until no lane has been at work for a while.
    var looks = 0
    while looks < 1000 {
      looks = InFlightTable(batches.ring).entries.isEmpty ? looks + 1 : 0
      sched_yield()
    }
  }

  private static func pipeline(_ place: String, _ signal: Int32, _ page: SharedPage) -> BatchPipeline {
    let trainer = getpid()
    // Four batches and two samples: with all slots held, everything but the batch stage gets done.
    let source = HookedSource(
      length: place == "slot" ? 42 : 100_000,
      opening: { _ in
        if place == "makeReader" || place == "slot" { Assassin.arm(page, signal, trainer: trainer) }
        if place == "makeReader" { Assassin.stayForEver() }
      })
    return Pipeline(from: source)
      .map("decode") { value in
        Assassin.work(microseconds: 100)
        page[.reached] += 1
        guard place == "stage", value == 37 else { return value }
        Assassin.arm(page, signal, trainer: trainer)
        Assassin.stayForEver()
        return value
      }
      .batch("collate", Samples.spec) { value, row in
        Assassin.work(microseconds: 100)
        if place == "batch", value == 37 {
          Assassin.arm(page, signal, trainer: trainer)
          Assassin.stayForEver()
        }
        try Samples.write(value, to: &row)
      }
  }

  /// Takes batches until `next` throws, and prints what and when.
  private static func expectDeath(_ batches: inout Batches, _ page: SharedPage) throws {
    var next: Int?
    do throws(HeadraceError) {
      while let batch = try batches.next() {
        do {
          let values = try Samples.values(batch)
          if let next, values.first != next { emit("gap", values) }
          next = (values.last ?? 0) + 1
        } catch {
          emit("corrupt", error)
        }
      }
      emit("code", "none")
    } catch {
      let now = MonotonicClock.now
      emit("latency_us", page[.killedAt] == 0 ? 0 : (now - page[.killedAt]) / 1000)
      emit("further_samples", next ?? 0)
      emit(error)
    }
    emit("no_child", ProcessFigures.hasNoChild)
  }

  private static func expectSameAgain(_ batches: inout Batches) {
    var count = 0
    for _ in 0..<3 {
      do throws(HeadraceError) {
        _ = try batches.next()
      } catch {
        if error.code == .workerDied { count += 1 }
      }
    }
    emit("again", count)
  }
}
