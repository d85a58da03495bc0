import Glibc
import Headrace
import HeadraceSystem

/// Closures that are called by a pool of processes.
enum PoolScenarios {
  /// `ServedPipeline` with any process killed after some of the batches:
  /// `pool WORKERS THREADS KILLS ORDERING METHOD VICTIM`; the victim `pool`, `worker` or `any`.
  static func recover(_ scenario: Scenario) throws {
    let workers = scenario.number(0, 2)
    let killCount = scenario.number(2, 0)
    let epochs = 3
    let pipeline = ServedPipeline(ordering: scenario.text(3) == "completion" ? .completion : .input)
    if scenario.text(4) == "fork-server" {
      try bootstrap()
      try ServerScenarios.warmUp()
    }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: scenario.number(1, 2), workers: workers, slots: 4, epochs: epochs)
    let root = Int32(batches.rootProcessID ?? 0)
    let expected = pipeline.expected
    let every = expected.count / Samples.spec.size * epochs / max(1, killCount)
    var taken = 0, kills = 0, left = 0
    var orders: [[Int]] = []
    for _ in 0..<epochs {
      var values: [Int] = []
      while let batch = try batches.next() {
        values += try Samples.values(batch)
        taken += 1
        if taken % every == every - 1, kills < killCount {
          kill(victim(of: root, scenario.text(5, "any"), kills), SIGKILL)
          kills += 1
        }
      }
      left += batches.takeFailures().count
      emit("all", values.sorted() == expected)
      orders.append(values)
    }
    emit("left_out", left == pipeline.badCount * epochs ? "exact" : "\(left) of \(pipeline.badCount * epochs)")
    emit("deaths", batches.restartCount)
    emit("orders", Set(orders).count)
    emit("digest", orders.map { $0.reduce(0) { ($0 &* 31) &+ $1 } }.map(String.init).joined(separator: ","))
    emit("calls", batches.statistics().map { "\($0.name):\($0.taskCount)" }.joined(separator: ","))
  }

  /// One of the processes that the supervisor has started, each in its turn.
  private static func victim(of root: Int32, _ kind: String, _ turn: Int) -> Int32 {
    while true {
      let all = processes(of: root, kind)
      if !all.isEmpty { return all[turn % all.count] }
      sched_yield()
    }
  }

  static func processes(of root: Int32, _ kind: String) -> [Int32] {
    var buffer: [UInt8] = []
    let names = kind == "any" ? ["headrace-pool", "headrace-worker"] : ["headrace-\(kind)"]
    return ProcessTree.children(of: root, buffer: &buffer).filter { child in
      let name = SmallFile.read("/proc/\(child)/comm") ?? ""
      return names.contains { name.hasPrefix($0) }
    }
  }

  /// Some samples end or hold up the process that works on them: `pool-fault FAULT STAGE POLICY WORKERS THREADS`; 0
  /// workers: none beside the loader's own; the fault
  /// `segv`, `exit`, `hang`, `trap` or `throw`, the stage `map`, `batch` or `async`, which is an
  /// asynchronous `map`, the policy `skip`, `raise` or `retry`.
  static func fault(_ scenario: Scenario) throws {
    let kind = scenario.text(0)
    let inBatch = scenario.text(1) == "batch"
    let policy: FailurePolicy =
      switch scenario.text(2) {
      case "skip": .skip(upTo: 10)
      case "retry": .retry(times: 1, backoff: .zero, then: .skip(upTo: 10))
      default: .raise
      }
    let page = SharedPage()
    let act: @Sendable (Int) throws -> Void = { value in
      guard value % 100 == 37 else { return }
      page.add(.reached, 1)
      switch kind {
      case "segv": raise(SIGSEGV)
      case "exit": exit(5)
      case "trap": fatalError("on purpose")
      case "hang": Assassin.stayForEver()
      default: throw Mishap(description: "sample \(value) is bad")
      }
    }
    let options = StageOptions(timeout: kind == "hang" ? .milliseconds(100) : nil)
    let numbers = Pipeline(from: 0..<300)
    let isAsync = scenario.text(1) == "async"
    let fetched =
      isAsync
      ? numbers.map("fetch", concurrency: 8, onFailure: policy) { value in
        // Once it has waited another operation may have been at work on the lane.
        for _ in 0..<value % 3 { await Task.yield() }
        try act(value)
        return value
      } : numbers
    let pipeline =
      fetched
      .map("decode", concurrency: 4, onFailure: inBatch ? .raise : policy, options: inBatch ? .standard : options) {
        value in
        if !inBatch, !isAsync { try act(value) }
        return String(value)
      }
      .batch(
        "collate", Samples.spec, concurrency: 4, onFailure: inBatch ? policy : .raise,
        options: inBatch ? options : .standard
      ) { text, row in
        let value = Int(text) ?? -1
        if inBatch { try act(value) }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: scenario.number(4, 2), workers: scenario.number(3, 2) == 0 ? nil : scenario.number(3, 2),
      slots: 4,
      epochs: 1)
    var values: [Int] = []
    do throws(HeadraceError) {
      while let batch = try batches.next() {
        if let new = try? Samples.values(batch) { values += new }
      }
      emit("whole", values == (0..<300).filter { $0 % 100 != 37 })
    } catch {
      emit("whole", values == Array(0..<30))
      emit(error)
    }
    let failures = batches.takeFailures()
    emit("left_out", failures.count)
    for failure in failures.newest {
      emit("failure", "\(failure.position) \(failure.error.code) \(failure.error.stage ?? "-")")
      emit("text", failure.error)
    }
    emit("calls", page[.reached])
    emit("deaths", batches.restartCount)
    emit("timeouts", batches.statistics().map(\.timeoutCount).reduce(0, +))
  }

  /// Rows that differ in shape, and large samples: `pool-ragged WORKERS`; 0: none.
  static func ragged(_ scenario: Scenario) throws {
    let workers = scenario.number(0)
    let spec = BatchSpec(
      size: 16, TensorSpec("tokens", .int32, shape: [200]).ragged(maximumByteCount: 64 << 10),
      TensorSpec("padded", .int32, shape: [200]).padded(maximumByteCount: 64 << 10), TensorSpec("x", .int64))
    let pipeline = Pipeline(from: 0..<200)
      .map("text", concurrency: 4) { [UInt8](repeating: UInt8($0), count: $0 * 10_000) }
      .batch("collate", spec, concurrency: 4) { bytes, row in
        let length = bytes.count / 10_000
        let tokens = (0..<length).map { Int32($0 * 3) }
        try row.write(contentsOf: tokens, to: "tokens")
        try row.write(contentsOf: tokens, to: "padded")
        try row.write(Int64(bytes.count), to: "x")
      }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, workers: workers == 0 ? nil : workers, slots: 3, epochs: 1)
    var digest = 0
    while let batch = try batches.next() {
      for tensor in batch.tensors {
        let bytes = try batch.bytes(tensor.name)
        digest = digest &* 31 &+ tensor.shape.reduce(0) { $0 &* 31 &+ $1 }
        for index in 0..<bytes.byteCount {
          digest = digest &* 31 &+ Int(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
      }
    }
    emit("digest", digest)
  }

  /// Processes that cannot make the pipeline, or take long to: `pool-trouble TROUBLE`.
  static func trouble(_ scenario: Scenario) throws {
    try bootstrap()
    let trouble = PoolPipeline.Trouble(rawValue: scenario.text(0)) ?? .none
    var batches = try runPipelineInSubprocess(
      PoolPipeline(trouble: trouble), threads: 2, workers: 2, slots: 4, epochs: 1)
    var values: [Int] = []
    do throws(HeadraceError) {
      while let batch = try batches.next() {
        if let new = try? Samples.values(batch) { values += new }
      }
    } catch {
      emit(error)
    }
    emit("restarts", batches.restartCount)
    emit("exits", batches.exits.count)
    emit("samples", values.count)
    let failures = batches.takeFailures()
    emit("left_out", failures.count)
    emit("codes", Set(failures.newest.map { "\($0.error.code)" }).sorted().joined(separator: ","))
    emit("timeouts", batches.statistics().map(\.timeoutCount).reduce(0, +))
  }

  /// The system refuses a process of the pool for longer than its deaths would be waited for, and then permits it, or
  /// never does: `pool-forks later|never`.
  static func forks(_ scenario: Scenario) throws {
    // A limit on processes does not count for root.
    if getuid() == 0, setuid(UInt32(1_100_000 + getpid())) != 0 { return emit("setuid", errno) }
    let page = SharedPage()
    let pipeline = Samples.pipeline(1_000) { value in
      page.wait(.go)
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, workers: 2, slots: 4, epochs: 1)
    guard let supervisor = batches.rootProcessID, let worker = batches.workerProcessID else { return }
    func pool() -> [Int32] { ProcessFigures.children(Int32(supervisor)).filter { $0 != worker } }
    while pool().count < 2 { sched_yield() }
    try Limits.setProcesses("1", of: supervisor)
    if let victim = pool().first { kill(victim, SIGKILL) }
    while batches.exits.count < 2 { sched_yield() }
    emit("refused", batches.exits.last.map { "\($0)" } ?? "")
    // Five restarts with their pauses are over in 0.3 s.
    _ = Poll.wait(-1, until: MonotonicClock.now + 1_000_000_000)
    page[.go] = 1
    if scenario.text(0) != "never" {
      try Limits.setProcesses("500", of: supervisor)
      while pool().count < 2 { sched_yield() }
    }
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("exact", values == Array(0..<1_000))
    emit("restarts", batches.restartCount)
    emit("there", pool().count)
  }

  /// Starts that are refused: `pool-refused`.
  static func refused(_ scenario: Scenario) throws {
    attempt(Pipeline(from: 0..<10).map("wrap") { Plain(value: $0) }.batch(Samples.spec) { _, _ in }, workers: 2)
    attempt(Samples.pipeline(10), workers: 0)
    attempt(Samples.pipeline(10), workers: 65)
    attempt(Samples.pipeline(10), workers: 64, threads: 5)
  }

  private struct Plain { var value: Int }

  private static func attempt(_ pipeline: BatchPipeline, workers: Int, threads: Int? = nil) {
    do throws(HeadraceError) {
      _ = try runPipelineInSubprocess(pipeline, threads: threads, workers: workers)
      emit("message", "none")
    } catch {
      emit("message", "\(error.code) \(error)")
    }
  }
}
