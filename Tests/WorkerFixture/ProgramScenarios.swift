import Glibc
import Headrace
import HeadraceSystem

/// Loaders that are programs of their own, started by a process that is warm.
enum ProgramScenarios {
  /// What this program gives a trainer that starts it as a loader.
  static let pipelines: [String: any PipelineFactory.Type] = [
    "served": ServedPipeline.self, "stuck": StuckPipeline.self, "streams": StreamsPipeline.self,
    "talking": TalkingPipeline.self,
  ]

  /// This program as a loader.
  static func command(_ pipeline: String, values: String = "{}") -> LoaderCommand {
    LoaderCommand("/proc/self/exe", pipeline: pipeline, values: values)
  }

  static func served(_ pipeline: ServedPipeline = ServedPipeline()) throws -> LoaderCommand {
    try LoaderCommand("/proc/self/exe", pipeline: "served", values: pipeline)
  }

  static func talking() throws -> LoaderCommand {
    try LoaderCommand("/proc/self/exe", pipeline: "talking", values: TalkingPipeline())
  }

  /// A start that fails, and then one that does not: `program-refused FAULT`.
  static func refused(_ scenario: Scenario) throws {
    try ServerScenarios.warmUp()
    do throws(HeadraceError) {
      let timeout = Duration.milliseconds(500)
      switch scenario.text(0) {
      case "missing": _ = try runPipelineInSubprocess(LoaderCommand("/nowhere/loader", pipeline: "served"))
      case "name": _ = try runPipelineInSubprocess(command("other"))
      case "values": _ = try runPipelineInSubprocess(command("served", values: #"{"length": "many"}"#))
      case "key":
        _ = try runPipelineInSubprocess(command("served", values: #"{"length": 10, "fault": "none", "file": ""}"#))
      case "json": _ = try runPipelineInSubprocess(command("served", values: "{"))
      case "ends": _ = try runPipelineInSubprocess(LoaderCommand("true", pipeline: "served"))
      case "silent":
        _ = try runPipelineInSubprocess(
          LoaderCommand("sh", arguments: ["-c", "exec sleep 60"], pipeline: "served"), startTimeout: timeout)
      case let fault:
        let pipeline = ServedPipeline(fault: ServedPipeline.Fault(rawValue: fault) ?? .none)
        let command: LoaderCommand
        do {
          command = try served(pipeline)
        } catch {
          return emit("uncaught", error)
        }
        _ = try runPipelineInSubprocess(command, startTimeout: timeout)
      }
      emit("code", "none")
    } catch {
      emit(error)
    }
    var batches = try runPipelineInSubprocess(served(ServedPipeline(length: 1_000)), threads: 2, slots: 4, epochs: 1)
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("next", values.sorted() == ServedPipeline(length: 1_000).expected)
  }

  /// Too few open files for the ring, or too small ones for the memory of a pool: `program-limits ring|pool`.
  static func limits(_ scenario: Scenario) throws {
    let isPool = scenario.text(0) == "pool"
    let command = try served()
    if isPool { Limits.setSoft(RLIMIT_FSIZE, 0) }
    signal(SIGXFSZ, SIG_IGN)
    for value in isPool ? 0...0 : 3...30 {
      // The limit is this process's and the program's, which needs fewer.
      if !isPool { Limits.setSoft(RLIMIT_NOFILE, UInt(value)) }
      do throws(HeadraceError) {
        _ = try runPipelineInSubprocess(command, threads: 1, workers: isPool ? 1 : nil, slots: 2)
      } catch {
        if isPool || error.cause?.contains("memfd_create") == true { return emit(error) }
      }
    }
  }

  /// What a loader program has of this process: `program-streams`.
  static func streams(_ scenario: Scenario) throws {
    // Open files without close-on-exec, a blocked and an ignored signal: none of them is to reach the loader.
    let number = unsafe open("/dev/null", O_RDONLY)
    emit("inherits", number >= 0)
    signal(SIGUSR1, SIG_IGN)
    var set = sigset_t()
    unsafe sigaddset(&set, SIGTERM)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    try ServerScenarios.warmUp()
    var batches = try runPipelineInSubprocess(command("streams"), threads: 1, slots: 2, epochs: 1)
    emit("method", batches.startMethod)
    while let batch = try batches.next() {
      let x = try batch.tensor("x", as: Int64.self)
      emit("null_files", x[0])
      emit("signals", x[1])
    }
  }
}

/// What the worker finds of open files and signals, as its only samples.
struct StreamsPipeline: PipelineFactory {
  func makePipeline() throws -> BatchPipeline {
    let files = try FileSystem.entries(of: "/proc/self/fd").filter { entry in
      Int(entry.name).map { $0 > 2 } == true && FileSystem.destination(of: "/proc/self/fd/\(entry.name)") == "/dev/null"
    }
    let status = SmallFile.read("/proc/self/status") ?? ""
    let signals = status.split(separator: "\n").filter { $0.hasPrefix("SigBlk") || $0.hasPrefix("SigIgn") }
      .compactMap { Int64($0.split(separator: "\t")[1], radix: 16) }
    let standard = Int64(1 << 31) - 1
    let unwanted = signals.reduce(0, |) & standard & ~Int64(1 << (SIGPIPE - 1))
    let numbers = [Int64(files.count), unwanted]
    return Pipeline(from: 0..<2).batch(BatchSpec(size: 2, TensorSpec("x", .int64))) { place, row in
      try row.write(numbers[place], to: "x")
    }
  }
}
