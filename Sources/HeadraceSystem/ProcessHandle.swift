import CHeadraceLinux
import Glibc

/// Another process, as something to wait for: it keeps meaning that process when the number has gone to another.
public struct ProcessHandle: ~Copyable, Sendable {
  /// Readable once the process has ended (pidfd_open(2)), whoever holds copies of its descriptors.
  public let descriptor: FileDescriptor

  /// A process that has not ended, or that nobody has waited for since: else the number may have gone to another.
  public init(processID: Int32) throws(Errno) {
    let number = headrace_pidfd_open(processID)
    guard number >= 0 else { throw Errno.last("pidfd_open") }
    descriptor = FileDescriptor(owning: number)
  }

  private init(descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// Sends a signal; nothing happens where the process has ended. See `man 2 pidfd_send_signal`.
  public func send(_ signal: Int32) { _ = headrace_pidfd_send_signal(descriptor.number, signal) }

  /// Number of the process that has made this one, or of who has taken its place where it has ended.
  public static var parentID: Int32 { getppid() }

  /// The process that has made this one; nil if it has ended.
  ///
  /// - Parameter processID: its number, asked for before the fork.
  public static func parent(_ processID: Int32) throws(Errno) -> ProcessHandle? {
    let number = headrace_pidfd_open(processID)
    let error = Errno.last("pidfd_open")
    let handle = number >= 0 ? ProcessHandle(descriptor: FileDescriptor(owning: number)) : nil
    // Looked at afterwards: as long as it is the parent, the number cannot have gone to another.
    guard getppid() == processID else { return nil }
    guard let handle else { throw error }
    return handle
  }
}
