import CHeadraceLinux
import Glibc

/// A stream of bytes from one process to another through the kernel: a pipe, or a pair of Unix sockets.
///
/// Blocking, unlike `Pipe`: whoever reads has nothing else to wait for.
package struct ByteStream: ~Copyable, Sendable {
  private let readEnd: FileDescriptor
  private var writeEnd: FileDescriptor?

  private init(reading: Int32, writing: Int32) {
    readEnd = FileDescriptor(owning: reading)
    writeEnd = FileDescriptor(owning: writing)
    writeDescriptor = writing
  }

  /// A pipe. See `man 2 pipe`.
  ///
  /// - Parameter capacity: bytes that it holds, if the kernel grants them; nil: its default of 64 KiB.
  package static func pipe(capacity: Int? = nil) throws(Errno) -> ByteStream {
    var ends: [Int32] = [-1, -1]
    guard unsafe headrace_blocking_pipe(&ends) == 0 else { throw Errno.last("pipe2") }
    let stream = ByteStream(reading: ends[0], writing: ends[1])
    if let capacity { _ = headrace_set_pipe_capacity(stream.writeDescriptor, Int32(clamping: capacity)) }
    return stream
  }

  /// A connected pair of stream sockets. See `man 2 socketpair`.
  package static func unixSocket() throws(Errno) -> ByteStream {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno.last("socketpair") }
    return ByteStream(reading: ends[0], writing: ends[1])
  }

  /// The descriptor to write to; -1 once it is closed.
  package private(set) var writeDescriptor: Int32

  /// Lets go of this process's write end, so that the death of the other process ends the stream.
  package mutating func closeWriteEnd() {
    writeEnd = nil
    writeDescriptor = -1
  }

  /// Writes all of `bytes`, and waits for room as often as it takes. See `man 2 write`.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
    let descriptor = writeDescriptor
    var done = 0
    while done < bytes.count {
      done += try retryingOnInterrupt("write") {
        unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      }
    }
  }

  /// Fills `buffer`, and waits for data as often as it takes. False when the stream ends before. See `man 2 read`.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Bool {
    let descriptor = readEnd.number
    var done = 0
    while done < buffer.count {
      let count = try retryingOnInterrupt("read") {
        unsafe Glibc.read(descriptor, buffer.baseAddress! + done, buffer.count - done)
      }
      if count == 0 { return false }
      done += count
    }
    return true
  }
}
