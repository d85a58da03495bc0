import CHeadraceLinux
import Glibc

/// Anonymous memory with a descriptor: no name, nothing in /dev/shm, freed by the kernel with its last user.
public struct MemoryFile: ~Copyable, Sendable {
  /// What to map, or to hand to another process.
  public let descriptor: FileDescriptor
  /// Its size in bytes, all of it reserved.
  public let byteCount: Int

  /// Creates and reserves `byteCount` bytes, all zero.
  ///
  /// Every page is allocated here, so that too little memory is an error now and never a SIGBUS later.
  ///
  /// A size beyond RLIMIT_FSIZE is EFBIG here; the kernel would end the process with SIGXFSZ (setrlimit(2)).
  ///
  /// See `man 2 memfd_create`, `man 2 fallocate`.
  /// - Complexity: O(`byteCount`): about 0.3 ms per MiB.
  public init(name: String, byteCount: Int) throws(Errno) {
    try self.init(name: name, byteCount: byteCount, hugePage: HugePages.byteCountToAskFor())
  }

  /// - Parameter hugePage: bytes of a huge page, where they are to be asked for.
  init(name: String, byteCount: Int, hugePage: Int?) throws(Errno) {
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0, byteCount > 0,
      UInt(byteCount) > limit.rlim_cur
    {
      throw Errno("ftruncate", code: EFBIG)
    }
    let descriptor = FileDescriptor(
      owning: try retryingOnInterrupt("memfd_create") { unsafe headrace_memfd_create(name) })
    _ = try retryingOnInterrupt("ftruncate") { ftruncate(descriptor.number, byteCount) }
    // As many as fit: one more would take memory beyond the file's end.
    if let hugePage, byteCount >= hugePage, let mapping = try? Mapping(descriptor, byteCount: byteCount) {
      mapping.populateWithHugePages(0..<(byteCount / hugePage * hugePage))
    }
    // What could not be had as huge pages, and the rest; it says where there is too little.
    _ = try retryingOnInterrupt("fallocate") { headrace_reserve(descriptor.number, byteCount) }
    self.descriptor = descriptor
    self.byteCount = byteCount
  }

  /// One that another process has made. See `man 2 fstat`.
  public init(_ descriptor: consuming FileDescriptor) throws(Errno) {
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw Errno.last("fstat") }
    byteCount = Int(status.st_size)
    self.descriptor = descriptor
  }

  /// Fills all of `bytes` from `offset` on. Returns false if there are not as many. See `man 2 pread`.
  package func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    unsafe descriptor.fill(bytes, from: offset)
  }
}
