import Glibc
import HeadraceSystem

/// A control group of a scenario's own, for one controller; see `man 7 cgroups`. It goes with the value, which takes
/// this process out of it.
struct TestGroup: ~Copyable {
  /// Where a controller's groups are, and the name of its limit: version 1, and version 2.
  enum Controller {
    case memory, pids, cpu

    fileprivate var places: [(folder: String, limit: String)] {
      switch self {
      case .memory: [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")]
      case .pids: [("/sys/fs/cgroup/pids", "pids.max"), ("/sys/fs/cgroup", "pids.max")]
      case .cpu: [("/sys/fs/cgroup/cpu", "cpu.cfs_quota_us"), ("/sys/fs/cgroup", "cpu.max")]
      }
    }
  }

  private let root: String
  private let outer: String
  private let inner: String
  private let limit: String

  /// Makes two groups, of which the outer one has the limit and the inner one this process. Nil where that is not
  /// permitted.
  static func make(_ controller: Controller, limit value: Int) -> TestGroup? {
    for (root, limit) in controller.places {
      let outer = "\(root)/headrace-test-\(getpid())", inner = "\(outer)/inner"
      guard (try? FileSystem.createFolder(outer)) != nil else { continue }
      let isMade = (try? FileSystem.createFolder(inner)) != nil
      let group = TestGroup(root: root, outer: outer, inner: inner, limit: limit)
      if isMade, group.set(value), SmallFile.write("\(getpid())", to: "\(inner)/cgroup.procs") { return group }
    }
    return nil
  }

  private init(root: String, outer: String, inner: String, limit: String) {
    self.root = root
    self.outer = outer
    self.inner = inner
    self.limit = limit
  }

  /// Changes the limit. Returns whether the kernel takes it.
  @discardableResult func set(_ value: Int) -> Bool {
    SmallFile.write(limit == "cpu.max" ? "\(value) 100000" : "\(value)", to: "\(outer)/\(limit)")
  }

  /// Moves another process into it.
  func take(_ process: Int32) { _ = SmallFile.write("\(process)", to: "\(inner)/cgroup.procs") }

  deinit {
    // Processes that are being killed leave by themselves soon. The scenario's alarm bounds the wait.
    while unsafe rmdir(inner) != 0, errno == EBUSY {
      for process in (SmallFile.read("\(inner)/cgroup.procs") ?? "").split(separator: "\n") {
        _ = SmallFile.write(String(process), to: "\(root)/cgroup.procs")
      }
    }
    unsafe rmdir(outer)
  }
}
