import Glibc
import Headrace
import HeadraceSystem

/// Counts, for a loader that another process starts.
struct CountingPipeline: PipelineFactory {
  var count: Int

  func makePipeline() throws -> BatchPipeline { Samples.pipeline(count) }
}

/// One loader and many processes that read it.
enum ReaderScenarios {
  private static let batchSize = Samples.spec.size

  /// Keeps SIGUSR1 for `waitForSignal`.
  private static func holdSignal() {
    var set = sigset_t()
    unsafe sigaddset(&set, SIGUSR1)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  private static func waitForSignal() {
    var set = sigset_t()
    var number: Int32 = 0
    unsafe sigaddset(&set, SIGUSR1)
    unsafe sigwait(&set, &number)
  }

  /// Counts in `page` what is decoded.
  private static func pipeline(_ count: Int, _ page: SharedPage, milliseconds: Int) -> BatchPipeline {
    Samples.pipeline(count) { number in
      page.add(.reached, 1)
      if milliseconds > 0 { usleep(UInt32(milliseconds) * 1_000) }
      return number
    }
  }

  /// A loader for others: `readers-serve PATH COUNT SHARING EPOCHS SAMPLES MILLISECONDS SLOTS [alone [WORKERS]]`. It
  /// ends when it is sent SIGUSR1.
  static func serve(_ scenario: Scenario) throws {
    holdSignal()
    let page = SharedPage()
    let path = scenario.text(0)
    let count = scenario.number(1)
    let batches = try runPipelineInSubprocess(
      pipeline(scenario.number(4), page, milliseconds: scenario.number(5)), threads: 2,
      workers: scenario.number(8) > 0 ? scenario.number(8) : nil, slots: scenario.number(6, 8),
      epochs: scenario.number(3),
      readers: Readers(
        count: count, sharing: Sharing(rawValue: scenario.text(2)) ?? .broadcast, path: path,
        includesThisProcess: false, startsTogether: scenario.text(7) != "alone", startTimeout: .seconds(100)))
    let worker = batches.workerProcessID ?? 0
    let stat = SmallFile.read("/proc/\(worker)/stat") ?? ""
    emit("worker", worker)
    // Its parent, the supervisor: the second number behind the name.
    emit("serving", stat.split(separator: ")").last?.split(separator: " ")[1] ?? "")
    waitForSignal()
    emit("calls", page[.reached])
    emit("held", batches.readers.map(\.heldCount).reduce(0, +))
    emit("there", batches.readers.compactMap(\.processID).count)
    emit("restarts", batches.restartCount)
    emit("slots", batches.ring.geometry.slotCount)
    emit("memory", batches.ring.geometry.byteCount)
  }

  /// A loader of a process that reads too, at place 0: `readers-first PATH COUNT SHARING EPOCHS SAMPLES METHOD`.
  static func first(_ scenario: Scenario) throws {
    if scenario.text(5) == "fork-server" {
      try bootstrap()
      try ServerScenarios.warmUp()
    }
    var batches = try runPipelineInSubprocess(
      CountingPipeline(count: scenario.number(4)), threads: 2, epochs: scenario.number(3),
      readers: Readers(
        count: scenario.number(1), sharing: Sharing(rawValue: scenario.text(2)) ?? .broadcast, path: scenario.text(0)))
    emit("method", batches.startMethod)
    try read(&batches, perEpoch: scenario.number(4) / batchSize, mode: "", at: -1)
    // The others have not ended yet: the loader goes with this process.
    while batches.readers.count(where: { $0.processID != nil }) > 1 { sched_yield() }
  }

  /// Reads all that comes: `readers-read PATH PLACE PER_EPOCH [MODE [BATCH]]`. With the mode `later` it attaches, and
  /// reads once it is sent SIGUSR1. At the batch it does as MODE says: `stop` stops the process while it holds that
  /// batch, `keep` lets go of the loader and keeps the batch until it is sent SIGUSR1, `keep-poor` does so and can open
  /// no file, `fork` forks a child that outlives it by a second and waits to be killed, `hoard` keeps all batches until
  /// there is one more or an error, `hoard-stop` until it is sent SIGUSR1, `leave` lets go of the loader, `skip` skips
  /// the rest of the epoch.
  static func read(_ scenario: Scenario) throws {
    let mode = scenario.text(3), at = scenario.number(4, -1)
    if mode == "later" { holdSignal() }
    let start = MonotonicClock.now
    var batches = try Batches.attach(to: scenario.text(0), place: Int(scenario.text(1)))
    emit("attached_ms", Double(MonotonicClock.now - start) / 1e6)
    emit("place", batches.place ?? -1)
    if mode == "later" { waitForSignal() }
    if mode.hasPrefix("keep") {
      holdSignal()
      guard let batch = try batches.next() else { return emit("wrong", "nothing") }
      let values = try Samples.values(batch)
      emit("took", values[0])
      if mode == "keep-poor" { Limits.setSoft(RLIMIT_NOFILE, 3) }
      _ = consume batches
      emit("let_go", "true")
      waitForSignal()
      return emit("kept", try Samples.values(batch) == values)
    }
    if mode.hasPrefix("hoard") { return try hoard(&batches, beyond: at, stops: mode == "hoard-stop") }
    try read(&batches, perEpoch: scenario.number(2), mode: mode, at: at)
  }

  /// Keeps what it takes until it has more than `count`, or there is an error; or until it has as many and is sent
  /// SIGUSR1. Then it gives all of it back, and reads the rest of the epoch.
  private static func hoard(_ batches: inout Batches, beyond count: Int, stops: Bool) throws {
    holdSignal()
    var held: [Held] = []
    do throws(HeadraceError) {
      while held.count <= count, let batch = try batches.next() {
        held.append(Held(batch))
        guard stops, held.count == count else { continue }
        emit("held", count)
        waitForSignal()
      }
    } catch {
      emit("error", "\(error.code) \(error.message)")
    }
    var values: [Int] = []
    for one in held { values += try Samples.values(one.batch) }
    held = []
    while batches.epoch == 0, let batch = try batches.next() { values += try Samples.values(batch) }
    emit("values", values.map(String.init).joined(separator: ","))
  }

  private static func read(_ batches: inout Batches, perEpoch: Int, mode: String, at: Int) throws {
    var taken = 0
    while batches.hasFurtherEpoch {
      var numbers: [Int] = []
      var epoch = -1
      while let batch = try batches.next() {
        let number = batch.sequence % perEpoch
        // What a plain loop makes of the same samples.
        let plain = Array(number * batchSize..<(number + 1) * batchSize)
        guard try Samples.values(batch) == plain, batch.sequence / perEpoch == batch.epoch else {
          return emit("wrong", "batch \(batch.sequence)")
        }
        epoch = batch.epoch
        numbers.append(number)
        emit("took", "\(batch.epoch) \(number)")
        taken += 1
        guard taken == at else { continue }
        if mode == "stop" { kill(getpid(), SIGSTOP) }
        if mode == "stop", try Samples.values(batch) != plain { return emit("wrong", "held \(batch.sequence)") }
        if mode == "fork" {
          try ChildProcess.detach(name: "outliving") {
            sleep(1)
            return 0
          }
          emit("forked", "true")
          Assassin.stayForEver()
        }
        if mode == "leave" { return emit("left", number) }
        if mode == "skip" { batches.skipRestOfEpoch() }
      }
      emit("epoch", "\(epoch) \(numbers.map(String.init).joined(separator: ","))")
    }
    emit("done", taken)
  }

  /// Of another user, as which it attaches, or listens until it is sent SIGUSR1:
  /// `readers-stranger PATH USER attach|listen`.
  static func stranger(_ scenario: Scenario) throws {
    holdSignal()
    let user = uid_t(scenario.number(1))
    guard setuid(user) == 0 else { return emit("setuid", errno) }
    guard scenario.text(2) == "listen" else {
      do throws(HeadraceError) { _ = try Batches.attach(to: scenario.text(0)) } catch { emit(error) }
      return
    }
    let socket = try ListeningSocket(path: scenario.text(0))
    emit("listening", socket.path)
    waitForSignal()
    withExtendedLifetime(socket) {}
  }

  /// What is refused: `readers-refused PATH FAULT`.
  static func refused(_ scenario: Scenario) throws {
    let path = scenario.text(0)
    if scenario.text(1) == "warm" { try ServerScenarios.warmUp() }
    do throws(HeadraceError) {
      switch scenario.text(1) {
      case "attach": _ = try Batches.attach(to: path, place: Int(scenario.text(2)), timeout: .milliseconds(100))
      case "next":
        var batches = try Batches.attach(to: path)
        _ = try batches.next(timeout: .milliseconds(50))
      case "missing":
        var batches = try runPipelineInSubprocess(
          Samples.pipeline(100),
          readers: Readers(count: 3, sharing: .partition, path: path, startTimeout: .milliseconds(50)))
        _ = try batches.next()
      case "same-process":
        _ = try runPipelineInSubprocess(
          Samples.pipeline(100), placement: .sameProcess, readers: Readers(count: 2, sharing: .partition, path: path))
      case "count":
        _ = try runPipelineInSubprocess(
          Samples.pipeline(100), readers: Readers(count: 25, sharing: .partition, path: path))
      case "none":
        var batches = try runPipelineInSubprocess(
          Samples.pipeline(100),
          readers: Readers(count: 3, sharing: .partition, path: path, includesThisProcess: false))
        _ = try batches.next()
      default:
        _ = try runPipelineInSubprocess(
          Samples.pipeline(100), readers: Readers(count: 2, sharing: .partition, path: path))
      }
      emit("code", "none")
    } catch {
      emit(error)
    }
    emit("left", (try? FileSystem.kind(of: path)) == .missing ? "nothing" : "a file")
  }
}
