import CHeadraceLinux

/// A pipe whose only use is that its read end becomes readable when the last writer is gone: a lifeline.
public struct Pipe: ~Copyable, Sendable {
  /// Readable once no process has the write end any more.
  public let readEnd: FileDescriptor
  /// Held by the process whose end is to be noticed; nothing is ever written.
  public let writeEnd: FileDescriptor

  /// See `man 2 pipe`.
  public init() throws(Errno) {
    var ends: [Int32] = [-1, -1]
    guard unsafe headrace_pipe(&ends) == 0 else { throw Errno.last("pipe2") }
    readEnd = FileDescriptor(owning: ends[0])
    writeEnd = FileDescriptor(owning: ends[1])
  }
}
