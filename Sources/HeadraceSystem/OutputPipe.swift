import CHeadraceLinux
import Glibc
import Synchronization

/// A pipe that takes the place of a child's standard error: what the child writes there is read here.
package final class OutputPipe: Sendable {
  private let readEnd: Mutex<FileDescriptor?>
  /// Readable when something has come, and at the end, when no process can write any more.
  package let descriptor: Int32
  private let writeEnd: Mutex<FileDescriptor?>

  /// See `man 2 pipe`.
  ///
  /// - Throws: EMFILE also where it would take the last number for an open file, by which the child is to be known.
  package init() throws(Errno) {
    var ends: [Int32] = [-1, -1]
    guard unsafe headrace_output_pipe(&ends) == 0 else { throw Errno.last("pipe2") }
    let end = FileDescriptor(owning: ends[0])
    let spare = fcntl(end.number, F_DUPFD_CLOEXEC, 0)
    guard spare >= 0 else {
      let error = Errno.last("fcntl")
      close(ends[1])
      throw error
    }
    close(spare)
    descriptor = end.number
    readEnd = Mutex(end)
    writeEnd = Mutex(FileDescriptor(owning: ends[1]))
  }

  /// In the child: from here on what is written to standard error goes into the pipe. See `man 2 dup2`.
  package func takeStandardError() {
    let number: Int32? = writeEnd.withLock { end in
      switch end {
      case .some(let end): end.number
      case .none: nil
      }
    }
    if let number { dup2(number, StandardStream.error.rawValue) }
    closeWriteEnd()
    // Or it would not be told when nobody reads any more.
    readEnd.withLock { $0 = nil }
  }

  /// In the parent, once the child is there: so that the child's end is that of the pipe.
  package func closeWriteEnd() { writeEnd.withLock { $0 = nil } }

  /// What there is to read.
  package enum Reading: Equatable {
    case bytes(Int)
    /// Nothing at the moment.
    case nothing
    /// Nobody can write any more.
    case end
  }

  /// Reads into the front of `buffer`, and never waits.
  package func read(into buffer: inout [UInt8]) -> Reading {
    let count = unsafe buffer.withUnsafeMutableBytes { buffer in
      while true {
        let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        if count >= 0 || errno != EINTR { return count }
      }
    }
    if count > 0 { return .bytes(count) }
    return count < 0 && errno == EAGAIN ? .nothing : .end
  }
}
