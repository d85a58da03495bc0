import CHeadraceLinux
import Glibc

/// Memory files that another process has open, for whoever may look at that process: its own user, and root. See
/// `man 5 proc_pid_fd`.
package enum ProcessFiles {
  /// Numbers of the memory files that a process has open, by the names that they were made with; empty where it has
  /// ended or may not be looked at.
  package static func memoryFiles(of processID: Int32) -> [String: Int32] {
    let folder = "/proc/\(processID)/fd/"
    var files: [String: Int32] = [:]
    for entry in (try? FileSystem.entries(of: folder)) ?? [] {
      guard let number = Int32(entry.name) else { continue }
      let target = FileSystem.destination(of: folder + entry.name)
      let (before, after) = ("/memfd:", " (deleted)")
      guard target.hasPrefix(before), target.hasSuffix(after) else { continue }
      files[String(target.dropFirst(before.count).dropLast(after.count))] = number
    }
    return files
  }

  /// Whether a process is of this one's user: what another user calls what is nothing to rely on.
  package static func isOwn(_ processID: Int32) -> Bool {
    var status = stat()
    return unsafe stat("/proc/\(processID)", &status) == 0 && status.st_uid == geteuid()
  }

  /// Opens one of them for reading: the same memory, whatever becomes of the process.
  package static func open(_ number: Int32, of processID: Int32) throws(Errno) -> FileDescriptor {
    FileDescriptor(
      owning: try retryingOnInterrupt("open") {
        unsafe Glibc.open("/proc/\(processID)/fd/\(number)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      })
  }
}
