import CHeadraceLinux
import Glibc

/// Anonymous memory that is written and read like a file, and grows as it is written: no name, freed by the kernel with
/// its last user. Children that are forked share it.
public struct GrowingMemoryFile: ~Copyable, Sendable {
  /// What to hand to another process.
  public let descriptor: FileDescriptor
  /// A write beyond it would end the process (SIGXFSZ, setrlimit(2)).
  private let limit: Int

  /// Creates an empty one. See `man 2 memfd_create`.
  public init(name: String) throws(Errno) {
    self.init(FileDescriptor(owning: try retryingOnInterrupt("memfd_create") { unsafe headrace_memfd_create(name) }))
  }

  /// One that another process has made.
  public init(_ descriptor: consuming FileDescriptor) {
    var bound = rlimit()
    let isKnown = unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound) == 0
    limit = isKnown ? Int(clamping: bound.rlim_cur) : .max
    self.descriptor = descriptor
  }

  /// How long it is now.
  public var byteCount: Int {
    var status = stat()
    return unsafe fstat(descriptor.number, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Writes all of `bytes`. Returns false if there is no memory for them. See `man 2 pwrite`.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    let (end, overflow) = offset.addingReportingOverflow(bytes.count)
    guard !overflow, end <= limit else { return false }
    var done = 0
    while done < bytes.count {
      let count = try? retryingOnInterrupt("pwrite") {
        unsafe pwrite(descriptor.number, bytes.baseAddress! + done, bytes.count - done, offset + done)
      }
      guard let count, count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Fills all of `bytes`. Returns false if there are not as many. See `man 2 pread`.
  public func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    unsafe descriptor.fill(bytes, from: offset)
  }
}
