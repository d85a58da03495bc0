import Glibc
import Headrace
import HeadraceSystem

/// The system gives less than a loader needs. Each limit is a real one; `refused REASON` is printed where this machine
/// does not permit to set it.
enum LimitScenarios {
  /// A ring of 128 MiB where /dev/shm has 64: `limit-shm`.
  static func sharedMemory(_ scenario: Scenario) throws {
    guard scenario.text(0) == "inside" else {
      // In a mount namespace of its own, which unshare(1) makes.
      let script = "mount -t tmpfs -o size=64m tmpfs /dev/shm && exec \"$0\" limit-shm inside || echo refused mount"
      try exec(["unshare", "--mount", "sh", "-c", script, FileSystem.destination(of: "/proc/self/exe")])
    }
    var status = statvfs()
    unsafe statvfs("/dev/shm", &status)
    emit("shm_bytes", UInt(status.f_blocks) * UInt(status.f_frsize))
    emitOutcome(of: largePipeline(mebibytes: 32), slots: 4)
  }

  /// Fewer processes than a loader needs, from none to enough, by a user's limit or by a control group's:
  /// `limit-processes user|group fork|fork-server`.
  static func processes(_ scenario: Scenario) throws {
    let isServed = scenario.text(1) == "fork-server"
    if scenario.text(0) == "user" {
      // A limit on processes does not bind root, and counts all of a user's: as a user who has no other.
      guard setuid(UInt32(1_100_000 + getpid())) == 0 else { return emit("refused", "not root") }
      if isServed { try bootstrap() }
      try tryAll(1...14, isServed: isServed) { Limits.setSoft(__RLIMIT_NPROC, UInt($0)) }
      return
    }
    if isServed { try bootstrap() }
    guard let group = TestGroup.make(.pids, limit: 1_000) else { return emit("refused", "no control group of pids") }
    // The server is started before, and forks from where it is.
    if isServed, let server = ProcessFigures.children(getpid()).first { group.take(server) }
    try tryAll(1...14, isServed: isServed) { group.set(min($0, 1_000)) }
    withExtendedLifetime(group) {}
  }

  /// Fewer descriptors than a loader needs, from none to enough: `limit-descriptors fork|fork-server`.
  static func descriptors(_ scenario: Scenario) throws {
    let isServed = scenario.text(0) == "fork-server"
    if isServed { try bootstrap() }
    try tryAll(0...40, isServed: isServed) { Limits.setSoft(RLIMIT_NOFILE, UInt($0)) }
  }

  /// A ring that a control group has no room for, and one that it has: `limit-memory`.
  static func memory(_ scenario: Scenario) throws {
    guard let group = TestGroup.make(.memory, limit: 96 << 20) else {
      return emit("refused", "no control group of memory")
    }
    emitOutcome(of: largePipeline(mebibytes: 32), slots: 4)
    emitOutcome(of: largePipeline(mebibytes: 8), slots: 4)
    withExtendedLifetime(group) {}
  }

  /// A control group that is full while the worker works, of which the trainer has more:
  /// `limit-memory-later RESTARTS`.
  static func memoryLater(_ scenario: Scenario) throws {
    guard let group = TestGroup.make(.memory, limit: 128 << 20) else {
      return emit("refused", "no control group of memory")
    }
    let own = [UInt8](repeating: 1, count: 56 << 20)
    let pipeline = Samples.pipeline(1_000) { value in
      guard value == 500 else { return value }
      var all: [[UInt8]] = []
      while true { all.append([UInt8](repeating: 1, count: 1 << 20)) }
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 4, restarts: scenario.number(0))
    var next = 0
    do throws(HeadraceError) {
      while let batch = try batches.next() { next = batch.epoch == 0 ? next + batch.count : next }
    } catch {
      emit("samples", next)
      emit(error)
    }
    emit("restarts", batches.restartCount)
    emit("own", own.count)
    withExtendedLifetime(group) {}
  }

  /// Processors where a group above this process's has a quota of one: `limit-processors`.
  static func processors(_ scenario: Scenario) throws {
    emit("before", ProcessorCount.available)
    guard let group = TestGroup.make(.cpu, limit: 100_000) else { return emit("refused", "no control group of cpu") }
    emit("within", ProcessorCount.available)
    withExtendedLifetime(group) {}
  }

  /// Starts a loader under each limit, and with none at the end: whatever happens, it is over within the time.
  private static func tryAll(_ values: ClosedRange<Int>, isServed: Bool, _ limit: (Int) -> Void) throws {
    let free = ProcessFigures(getpid()).descriptors
    for value in Array(values) + [100_000] {
      limit(value)
      let outcome = outcome(isServed: isServed)
      limit(100_000)
      // Those of a loader that was refused are gone too.
      emit("outcome", "\(value) \(outcome)")
      emit("kept_descriptors", ProcessFigures(getpid()).descriptors - free)
    }
    let server = isServed ? 1 : 0
    emit("kept_children", ProcessFigures.children(getpid()).count - server)
  }

  private static func outcome(isServed: Bool) -> String {
    do throws(HeadraceError) {
      var batches =
        isServed
        ? try runPipelineInSubprocess(GenericPipeline<Int16>(count: 100), threads: 2, slots: 2, epochs: 1)
        : try runPipelineInSubprocess(Samples.pipeline(100), threads: 2, slots: 2, epochs: 1)
      var count = 0
      while let batch = try batches.next(timeout: .seconds(20)) { count += batch.count }
      return "\(count) samples"
    } catch {
      return "\(error.code) \(error.message) \(error.cause ?? "")"
    }
  }

  private static func emitOutcome(of pipeline: BatchPipeline, slots: Int) {
    do throws(HeadraceError) {
      var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: slots, epochs: 1)
      var count = 0
      while let batch = try batches.next() { count += batch.count }
      emit("samples", count)
    } catch {
      emit(error)
    }
  }

  private static func largePipeline(mebibytes: Int) -> BatchPipeline {
    let spec = BatchSpec(size: 1, TensorSpec("x", .uint8, shape: [mebibytes, 1024, 1024]))
    return Pipeline(from: 0..<8).batch(spec) { number, row in
      // Each page of it.
      var tensor = try row.tensor("x")
      var elements = try tensor.elements(as: UInt8.self)
      for place in stride(from: 0, to: elements.count, by: 4096) { elements[place] = UInt8(number + 1) }
    }
  }

  private static func exec(_ words: [String]) throws -> Never {
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    unsafe execvp(words[0], &arguments)
    emit("refused", "execvp of \(words[0]): error \(errno)")
    exit(0)
  }
}
