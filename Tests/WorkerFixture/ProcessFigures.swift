import Glibc
import HeadraceSystem

/// What a process has at this moment.
struct ProcessFigures {
  let threads: Int
  let descriptors: Int
  /// Private memory that is resident: the ring's pages are shared, and not in it.
  let privateKibibytes: Int
  /// Lines of /proc/PID/maps.
  let mappings: Int

  init(_ process: Int32) {
    threads = Self.entries("/proc/\(process)/task")
    descriptors = Self.entries("/proc/\(process)/fd")
    let pages = SmallFile.read("/proc/\(process)/statm")?.split(separator: " ").compactMap { Int($0) } ?? []
    privateKibibytes = pages.count > 2 ? (pages[1] - pages[2]) * 4 : 0
    mappings = (SmallFile.read("/proc/\(process)/maps") ?? "").split(separator: "\n").count
  }

  /// Prints the figures under names that start with `prefix`.
  func emit(_ prefix: String) {
    WorkerFixture.emit("\(prefix)_threads", threads)
    WorkerFixture.emit("\(prefix)_descriptors", descriptors)
    WorkerFixture.emit("\(prefix)_private_kib", privateKibibytes)
    WorkerFixture.emit("\(prefix)_mappings", mappings)
  }

  /// Children of this process, zombies included: whether there is nothing that could be waited for.
  static var hasNoChild: Bool {
    var status: Int32 = 0
    return unsafe waitpid(-1, &status, WNOHANG) == -1 && errno == ECHILD
  }

  /// Processes that it has started and that are there, zombies included.
  static func children(_ process: Int32) -> [Int32] {
    var buffer: [UInt8] = []
    return ProcessTree.children(of: process, buffer: &buffer)
  }

  /// Number of the process that has started it; see `man 5 proc_pid_stat`.
  static func parent(_ process: Int32) -> Int32 {
    guard let text = SmallFile.read("/proc/\(process)/stat"), let name = text.lastIndex(of: ")") else { return 0 }
    let fields = text[name...].split(separator: " ")
    return fields.count > 2 ? Int32(fields[2]) ?? 0 : 0
  }

  /// Whether anything that the process has mapped or opened has a name in /dev/shm.
  static func usesNamedMemory(_ process: Int32) -> Bool {
    let maps = SmallFile.read("/proc/\(process)/maps") ?? ""
    return maps.contains("/dev/shm/")
  }

  /// Rings of which the process has the memory mapped.
  static func mappedRings(_ process: Int32) -> Int {
    let lines = (SmallFile.read("/proc/\(process)/maps") ?? "").split(separator: "\n")
    // Address, rights, offset, device, inode, name; a ring can have several lines with different rights.
    return Set(lines.filter { $0.contains("headrace-ring") }.map { $0.split(separator: " ")[4] }).count
  }

  /// What the process has open, by kind and with its number of each: sockets, memory files, events, pipes and so on.
  static func openKinds(_ process: Int32) -> String {
    let folder = "/proc/\(process)/fd/"
    let kinds = ((try? FileSystem.entries(of: folder)) ?? []).map { entry in
      // Sockets and pipes have numbers.
      FileSystem.destination(of: folder + entry.name).filter { !$0.isNumber }
    }
    let counts = Dictionary(grouping: kinds) { $0 }.mapValues(\.count)
    return counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  }

  /// Rings of which the process has the memory open.
  static func openRings(_ process: Int32) -> Int {
    let folder = "/proc/\(process)/fd/"
    return ((try? FileSystem.entries(of: folder)) ?? []).count { entry in
      var name = [UInt8](repeating: 0, count: 256)
      let count = unsafe readlink(folder + entry.name, &name, name.count)
      return String(decoding: name.prefix(max(0, count)), as: UTF8.self).contains("headrace-ring")
    }
  }

  private static func entries(_ path: String) -> Int {
    guard let directory = unsafe opendir(path) else { return 0 }
    defer { unsafe closedir(directory) }
    var count = 0
    while let entry = unsafe readdir(directory) {
      if unsafe entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
    }
    return count
  }
}

/// Limits of a process; see `man 2 setrlimit`.
enum Limits {
  static func forbidCoreFiles() { set(RLIMIT_CORE, 0) }

  /// - Parameter isSoft: it can be lifted again.
  static func set(_ resource: __rlimit_resource, _ value: UInt, isSoft: Bool = false) {
    var limit = rlimit(rlim_cur: value, rlim_max: isSoft ? .max : value)
    if unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit) != 0 { fatalError("setrlimit: error \(errno)") }
  }

  /// The soft limit of another process on processes; see `man 1 prlimit`, whose system call Swift does not see.
  static func setProcesses(_ value: String, of process: Int) throws {
    var tool = try ChildProcess(spawning: "prlimit", ["--pid", "\(process)", "--nproc=\(value):"], descriptor: 2)
    _ = Poll.wait(tool.descriptor.number)
    guard tool.reap() == .exited(0) else { throw Mishap(description: "prlimit has failed") }
  }

  /// Changes what can be changed again by anybody, as far as the hard limit allows.
  static func setSoft(_ resource: __rlimit_resource, _ value: UInt) {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    limit.rlim_cur = min(value, limit.rlim_max)
    if unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit) != 0 { fatalError("setrlimit: error \(errno)") }
  }

  static func liftSoft(_ resource: __rlimit_resource) { set(resource, .max, isSoft: true) }
}
