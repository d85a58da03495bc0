import Glibc
import Headrace
import HeadraceSystem

/// A loader is let go of.
enum StopScenarios {
  /// In a state that the first argument names: `stop stuck|idle|waiting|running|starting STOP_TIMEOUT_MS`.
  static func stop(_ scenario: Scenario) throws {
    let state = scenario.text(0)
    let page = SharedPage()
    let pipeline = Samples.pipeline(state == "idle" ? 30 : 100_000) { value in
      if state == "running" { Assassin.work(microseconds: 300) }
      if state == "stuck" && value == 25 {
        page[.reached] = 1
        Assassin.stayForEver()
      }
      return value
    }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, slots: 8, epochs: 1, stopTimeout: .milliseconds(scenario.number(1, 2000)))
    switch state {
    case "stuck": page.wait(.reached)
    case "idle": DeathScenarios.waitForPhase(.idle, batches)
    case "waiting": DeathScenarios.waitForPhase(.waitingForSlot, batches)
    case "running": if let batch = try batches.next() { _ = try Samples.values(batch) }
    default: break
    }
    var held: Held?
    if state == "waiting", let batch = try batches.next() { held = Held(batch) }
    let start = MonotonicClock.now
    drop(batches)
    emit("elapsed_ms", Double((MonotonicClock.now - start) / 1000) / 1000)
    emit("no_child", ProcessFigures.hasNoChild)
    if let held { emit("held", try Samples.values(held.batch) == Array(0..<10)) }
  }

  /// What was printed, by whom and how often.
  static func output(_ scenario: Scenario) throws {
    atexit { print("exit_handler \(getpid())") }
    let parent = getpid()
    // Not flushed: it is still in the stream's buffer when the worker is forked.
    print("buffered \(parent)")
    let pipeline = Samples.pipeline(30) { value in
      if value % 10 == 0 { print("from_worker \(value)") }
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, epochs: 1)
    while let batch = try batches.next() { _ = try Samples.values(batch) }
    drop(batches)
    print("parent \(parent)")
  }

  /// How the worker takes signals that the parent ignores, catches or blocks.
  static func signals(_ scenario: Scenario) throws {
    signal(SIGTERM, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGINT) { _ in }
    signal(SIGSEGV) { _ in }
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGUSR1)
    unsafe sigprocmask(SIG_BLOCK, &set, nil)
    let pipeline = Samples.pipeline(10) { value in
      if value == 0 {
        let lines = (SmallFile.read("/proc/self/status") ?? "").split(separator: "\n")
        for line in lines where ["SigBlk", "SigIgn", "SigCgt"].contains(line.prefix(6)) {
          let parts = line.split(whereSeparator: { $0 == ":" || $0 == "\t" })
          if parts.count == 2 { print("\(parts[0]) \(parts[1])") }
        }
      }
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 4, epochs: 1)
    while let batch = try batches.next() { _ = try Samples.values(batch) }
    drop(batches)
  }

  static func drop(_: consuming Batches) {}
}
