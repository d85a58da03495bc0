import Glibc
import Headrace
import HeadraceSystem

/// A loader in a control group of its own. `refused` is printed where this machine does not permit one.
enum GroupScenarios {
  /// `group METHOD WORKERS end|supervisor|wait`: the loader ends by itself, its supervisor is killed, or it waits for
  /// what comes to this process.
  static func group(_ scenario: Scenario) throws {
    guard Isolation.permitsGroupWeight else { return emit("refused", "no control group of processors") }
    if scenario.text(0) == "fork-server" { try bootstrap() }
    var isolation = Isolation.standard
    isolation.groupWeight = 25
    let workers = scenario.number(1)
    var loader: Batches? = try runPipelineInSubprocess(
      ServedPipeline(), threads: 2, workers: workers == 0 ? nil : workers, slots: 4, isolation: isolation)
    _ = try loader?.next()
    let worker = Int32(loader?.workerProcessID ?? 0), root = Int32(loader?.rootProcessID ?? 0)
    emit("trainer", Self.group(of: getpid()))
    emit("supervisor", Self.group(of: root))
    emit("worker", Self.group(of: worker))
    for process in PoolScenarios.processes(of: root, "pool") { emit("pool", Self.group(of: process)) }
    if let folder = Self.folder(Self.group(of: worker)) {
      emit("folder", folder)
      for name in ["cpu.weight", "cpu.shares"] {
        if let text = SmallFile.read("\(folder)/\(name)") { emit(name, text.prefix { !$0.isWhitespace }) }
      }
    }
    kill(worker, SIGKILL)
    while loader?.workerProcessID == Int(worker) { sched_yield() }
    // More than the worker before can have left in the ring.
    for _ in 0..<5 { _ = try loader?.next() }
    emit("next_worker", Self.group(of: Int32(loader?.workerProcessID ?? 0)))
    switch scenario.text(2) {
    case "wait":
      emit("ready", getpid())
      // Used after the wait, so that nothing lets go of it before.
      while getppid() != 0 { pause() }
      emit("end", loader?.restartCount ?? 0)
    case "supervisor":
      kill(root, SIGKILL)
      do throws(HeadraceError) { while try loader?.next() != nil {} } catch { emit("code", error.code) }
    default: break
    }
    loader = nil
  }

  /// As a user who may make none, and with weights that there are not: `group-refused`.
  static func refused(_ scenario: Scenario) throws {
    for weight in [0, -1, 10_001] { emitRefusal(weight) }
    guard setuid(UInt32(1_100_000 + getpid())) == 0 else { return emit("refused", "not root") }
    emit("permitted", Isolation.permitsGroupWeight)
    emitRefusal(25)
  }

  private static func emitRefusal(_ weight: Int) {
    do throws(HeadraceError) {
      _ = try runPipelineInSubprocess(ServedPipeline(), isolation: Isolation(groupWeight: weight))
      emit("code", "none")
    } catch {
      emit(error)
    }
  }

  /// The group that shares processors, by its path in its tree: of version 1 or of version 2.
  private static func group(of process: Int32) -> String {
    let lines = (SmallFile.read("/proc/\(process)/cgroup") ?? "").split(separator: "\n")
    let line = lines.first { $0.contains(":cpu:") || $0.contains(",cpu:") || $0.contains(":cpu,") } ?? lines.last ?? ""
    return String(line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last ?? "")
  }

  private static func folder(_ group: String) -> String? {
    ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup"].map { $0 + group }.first {
      (try? FileSystem.kind(of: $0)) != .missing
    }
  }
}
