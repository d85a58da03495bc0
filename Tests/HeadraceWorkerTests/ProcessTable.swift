import Glibc
import HeadraceSystem

/// What /proc says about the machine's processes, and the names in /dev/shm.
enum ProcessTable {
  /// Processes of a group that run. One that has ended and waits for the machine's first process to reap it is none.
  static func runningProcesses(ofGroup group: Int32) -> [Int32] {
    names(in: "/proc").compactMap { Int32($0) }.filter { process in
      guard let fields = status(of: process), fields.count > 2 else { return false }
      return fields[2] == String(group) && !["Z", "X"].contains(fields[0])
    }
  }

  /// Entries of /dev/shm that could be Headrace's.
  static var sharedMemoryNames: [String] { names(in: "/dev/shm").filter { $0.contains("headrace") }.sorted() }

  /// The state of a process by its letter; nil if there is none of that number.
  static func state(_ process: Int32) -> String? { status(of: process)?.first }

  /// How long it has run, in the kernel's ticks: in its own code, and in the kernel for it.
  static func processorTicks(_ process: Int32) -> String {
    // Fields 14 and 15 of proc_pid_stat(5), of which the third is the first here.
    status(of: process).map { "\($0[11]) \($0[12])" } ?? ""
  }

  /// State, parent, group and so on: what follows the name in /proc/PID/stat; see `man 5 proc_pid_stat`.
  private static func status(of process: Int32) -> [String]? {
    guard let text = SmallFile.read("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ").map(String.init)
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names
  }
}
