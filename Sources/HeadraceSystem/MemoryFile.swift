import CHeadraceLinux
import Glibc

/// Anonymous memory with a descriptor: no name, nothing in /dev/shm, freed by the kernel with its last user.
public struct MemoryFile: ~Copyable, Sendable {
  /// What to map, or to hand to another process.
  public let descriptor: FileDescriptor
  /// Its size in bytes.
  public let byteCount: Int
  /// Bytes of a huge page, where they are to be asked for.
  private let hugePage: Int?

  /// Creates `byteCount` bytes, all zero, and reserves them.
  ///
  /// Every page is allocated here, so that too little memory is an error now and never a SIGBUS later.
  ///
  /// A size beyond RLIMIT_FSIZE is EFBIG here; the kernel would end the process with SIGXFSZ (setrlimit(2)).
  ///
  /// See `man 2 memfd_create`, `man 2 fallocate`.
  /// - Complexity: O(`byteCount`): about 0.13 ms per MiB.
  public init(name: String, byteCount: Int) throws(Errno) {
    try self.init(name: name, byteCount: byteCount, reserving: byteCount)
  }

  /// - Parameters:
  ///   - firstByteCount: how many of the bytes are reserved, and the rest of the last huge page. Until `reserve(_:)`
  ///     has been at the others an access allocates its page, or is a SIGBUS.
  ///   - hugePage: bytes of a huge page, where they are to be asked for.
  package init(
    name: String, byteCount: Int, reserving firstByteCount: Int, hugePage: Int? = HugePages.byteCountToAskFor()
  ) throws(Errno) {
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0, byteCount > 0,
      UInt(byteCount) > limit.rlim_cur
    {
      throw Errno("ftruncate", code: EFBIG)
    }
    let descriptor = FileDescriptor(
      owning: try retryingOnInterrupt("memfd_create") { unsafe headrace_memfd_create(name) })
    _ = try retryingOnInterrupt("ftruncate") { ftruncate(descriptor.number, byteCount) }
    try Self.reserve(0..<firstByteCount, descriptor, byteCount: byteCount, hugePage: hugePage)
    self.descriptor = descriptor
    self.byteCount = byteCount
    self.hugePage = hugePage
  }

  /// Allocates every page of `range`, in bytes, for all who map the file. What there is stays as it is.
  ///
  /// - Throws: ENOSPC or ENOMEM where there is too little memory; EINVAL where the range is empty.
  /// - Complexity: O(`range`): about 0.13 ms per MiB.
  package func reserve(_ range: Range<Int>) throws(Errno) {
    try Self.reserve(range, descriptor, byteCount: byteCount, hugePage: hugePage)
  }

  private static func reserve(
    _ range: Range<Int>, _ descriptor: borrowing FileDescriptor, byteCount: Int, hugePage: Int?
  ) throws(Errno) {
    if let hugePage {
      // All that the range touches and no earlier range did; but one beyond the file's end would take memory there.
      let first = (range.lowerBound + hugePage - 1) / hugePage * hugePage
      let end = min(range.upperBound + hugePage - 1, byteCount) / hugePage * hugePage
      if first < end, let mapping = try? Mapping(descriptor, byteCount: byteCount) {
        mapping.populateWithHugePages(first..<end)
      }
    }
    // What could not be had as huge pages, and the rest; it says where there is too little.
    _ = try retryingOnInterrupt("fallocate") {
      headrace_reserve(descriptor.number, range.lowerBound, range.count)
    }
  }

  /// One that another process has made. See `man 2 fstat`.
  public init(_ descriptor: consuming FileDescriptor) throws(Errno) {
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw Errno.last("fstat") }
    byteCount = Int(status.st_size)
    hugePage = nil
    self.descriptor = descriptor
  }

  /// Fills all of `bytes` from `offset` on. Returns false if there are not as many. See `man 2 pread`.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    unsafe descriptor.fill(bytes, from: offset)
  }
}
