import Glibc
import Headrace
import HeadraceSystem

/// What the kernel says of the ranks of trainer, supervisor and worker.
enum IsolationScenarios {
  /// `isolation METHOD none|standard|idle|batch|leaving|processor`.
  static func isolation(_ scenario: Scenario) throws {
    if scenario.text(0) == "fork-server" { try bootstrap() }
    let last = ProcessorAffinity.allowed.last ?? 0
    let isolation: Isolation =
      switch scenario.text(1) {
      case "none": .none
      case "idle": Isolation(scheduling: .idle)
      case "batch": Isolation(niceness: 7, scheduling: .batch, yieldsDisk: true)
      // One is left to the loader whatever is asked for.
      case "leaving": Isolation(processors: .leaving(1_000))
      case "processor": Isolation(processors: .allBut([last]))
      default: .standard
      }
    var batches = try runPipelineInSubprocess(ServedPipeline(), threads: 2, slots: 4, isolation: isolation)
    _ = try batches.next()
    let worker = Int32(batches.workerProcessID ?? 0)
    emit("last_processor", last)
    emitRank("trainer", getpid())
    emitRank("supervisor", ProcessFigures.parent(worker))
    try emitThreads("worker", worker)
    kill(worker, SIGKILL)
    while batches.workerProcessID == Int(worker) { sched_yield() }
    // More than the worker before can have left in the ring.
    for _ in 0..<5 { _ = try batches.next() }
    try emitThreads("next_worker", Int32(batches.workerProcessID ?? 0))
  }

  /// How long turns are to last: of the trainer's thread, and of one that works on samples: `isolation-slice`.
  static func slice(_ scenario: Scenario) throws {
    let page = SharedPage()
    let pipeline = Samples.pipeline(10) { value in
      page[.reached] = ThreadRank.sliceNanoseconds ?? 0
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 2)
    _ = try batches.next()
    emit("trainer", ThreadRank.sliceNanoseconds ?? 0)
    emit("worker", page[.reached])
  }

  /// What a loader gets whose trainer waits, while other programs want all processors: `isolation-beside
  /// none|standard|risen|idle|group`; `standard` before a governor can have acted, `risen` after it has, `idle` where
  /// it had come down to SCHED_IDLE when they began, with long samples.
  static func besideOthers(_ scenario: Scenario) throws {
    let isolation: Isolation =
      switch scenario.text(0) {
      case "none": .none
      case "group": Isolation(groupWeight: 10)
      default: .standard
      }
    let isIdle = scenario.text(0) == "idle"
    let pipeline = Samples.pipeline(1_000_000) { value in
      Assassin.work(microseconds: isIdle ? 50_000 : 200)
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, isolation: isolation)
    let worker = Int32(batches.workerProcessID ?? 0)
    while isIdle, lanes(of: worker, field: 38) != [5, 5] { _ = try batches.next() }
    var first = try Self.startHog(), second = try Self.startHog()
    _ = try batches.next()
    while scenario.text(0) == "risen", batches.decisions.last?.to != 0 { _ = try batches.next() }
    func others() -> Double { processorSeconds(first.processID) + processorSeconds(second.processID) }
    let before = (own: batches.workerUsage.cpuSeconds, others: others())
    var own = 0.0, theirs = 0.0
    // Enough to tell a tenth from nothing, or from a half, however long it takes.
    while own < (["risen", "group"].contains(scenario.text(0)) ? 1 : 0.2), theirs < 10 {
      _ = try batches.next(timeout: .seconds(30))
      own = batches.workerUsage.cpuSeconds - before.own
      theirs = others() - before.others
    }
    emit("share", own / (own + theirs))
    emit("hogs_run", first.reap() == nil && second.reap() == nil)
  }

  /// How the loader ranks while a trainer waits beside other programs, and when it does not wait any more.
  static func governed(_ scenario: Scenario) throws {
    let pipeline = Samples.pipeline(10_000_000) { value in
      Assassin.work(microseconds: 500)
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4)
    let worker = Int32(batches.workerProcessID ?? 0)
    let first = try startHog(), second = try startHog()
    var values: [Int] = []
    // Each lane has the rank once it has ended the sample that it was at.
    while batches.decisions.last?.to != 0 || lanes(of: worker) != [0, 0], let batch = try batches.next() {
      values += try Samples.values(batch)
    }
    for note in batches.decisions { emit("raised", note) }
    emit("raised_lanes", lanes(of: worker))
    // The trainer waits no more, since it takes nothing.
    while batches.decisions.last?.to != 5 { _ = Poll.wait(-1, until: MonotonicClock.now + 10_000_000) }
    emit("lowered", batches.decisions.last.map { "\($0)" } ?? "")
    while lanes(of: worker) != [5, 5], let batch = try batches.next() { values += try Samples.values(batch) }
    emit("in_order", values == Array(0..<values.count))
    withExtendedLifetime((first.processID, second.processID)) {}
  }

  /// How the threads that work on samples rank where nobody waits for them: `isolation-idle METHOD`.
  static func idle(_ scenario: Scenario) throws {
    if scenario.text(0) == "fork-server" { try bootstrap() }
    var batches = try runPipelineInSubprocess(
      CountingPipeline(count: 1_000_000), threads: 2, slots: 4, epochs: 1)
    let worker = Int32(batches.workerProcessID ?? 0)
    while batches.decisions.isEmpty { _ = Poll.wait(-1, until: MonotonicClock.now + 10_000_000) }
    emit("lowered", batches.decisions[0])
    var values: [Int] = []
    // Policies as in sched.h. Each lane has it before the next sample that it works on.
    while lanes(of: worker, field: 38) != [5, 5], let batch = try batches.next() { values += try Samples.values(batch) }
    emit("policies", lanes(of: worker, field: 38))
    while values.count < 100_000, let batch = try batches.next() { values += try Samples.values(batch) }
    emit("in_order", values == Array(0..<values.count))
  }

  /// Of the threads that work on samples their niceness, or another field of their stat file, behind the state.
  private static func lanes(of process: Int32, field: Int = 16) -> [Int] {
    let threads = ((try? FileSystem.entries(of: "/proc/\(process)/task")) ?? []).map {
      "/proc/\(process)/task/\($0.name)/"
    }
    return threads.filter { ["headrace-0\n", "headrace-1\n"].contains(SmallFile.read($0 + "comm")) }
      .compactMap { SmallFile.read($0 + "stat")?.split(separator: ")").last?.split(separator: " ")[field] }
      .compactMap { Int($0) }
  }

  /// A program that wants a processor all the time.
  private static func startHog() throws -> ChildProcess {
    try ChildProcess(name: "hog", on: .forkedThread) { _ in while true {} }
  }

  /// Of its first thread; the kernel's own count, in nanoseconds, stands first.
  private static func processorSeconds(_ process: Int32) -> Double {
    (SmallFile.read("/proc/\(process)/schedstat")?.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
  }

  /// Values that must be refused: `isolation-refused`.
  static func refused(_ scenario: Scenario) throws {
    for isolation in [
      Isolation(niceness: -1), Isolation(niceness: 20), Isolation(processors: .only([])),
      Isolation(processors: .only([1_000_000])), Isolation(processors: .allBut(Set(ProcessorAffinity.allowed))),
      Isolation(niceness: 5, urgentNiceness: 6), Isolation(processors: .leaving(-1)),
      Isolation(slice: .microseconds(99)), Isolation(slice: .milliseconds(101)),
    ] {
      do throws(HeadraceError) {
        _ = try runPipelineInSubprocess(ServedPipeline(), isolation: isolation)
        emit("code", "none")
      } catch {
        emit("code", error.code)
        emit("message", error.message)
      }
    }
  }

  /// Of all threads but the one that was forked, which only waits for the end of the others, and the one that can start
  /// threads of a higher rank, which has to have that itself.
  private static func emitThreads(_ who: String, _ process: Int32) throws {
    for entry in try FileSystem.entries(of: "/proc/\(process)/task") {
      guard let thread = Int32(entry.name), thread != process else { continue }
      let isKeeper = SmallFile.read("/proc/\(process)/task/\(thread)/comm") == "headrace-ranks\n"
      emitRank(isKeeper ? "keeper_of_\(who)" : who, thread)
    }
  }

  /// Niceness, policy, processors, and what is added for the out-of-memory killer; see `man 5 proc`. Nothing for a
  /// thread that has ended since it was listed.
  private static func emitRank(_ who: String, _ thread: Int32) {
    guard let stat = SmallFile.read("/proc/\(thread)/stat"), let status = SmallFile.read("/proc/\(thread)/status"),
      let score = SmallFile.read("/proc/\(thread)/oom_score_adj")?.prefix(while: { !$0.isWhitespace })
    else { return }
    // From the state on, which follows the name and is field 3; niceness is field 19, the policy 41.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    let niceness = fields.count > 38 ? fields[16] : "?"
    let policy = fields.count > 38 ? fields[38] : "?"
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    let allowed = line?.split(separator: "\t").last ?? "?"
    emit(who, "\(niceness) \(policy) \(allowed) \(score)")
  }
}
