import CHeadraceLinux
import Glibc

/// A shared mapping of a whole memory file, unmapped when the value goes away in the process that made it.
@safe
public struct Mapping: ~Copyable, @unchecked Sendable {
  /// The mapped bytes. Whoever shares them agrees on who writes what; the mapping itself does not know.
  @unsafe public let bytes: UnsafeMutableRawBufferPointer

  private let owner = ProcessIdentity.current

  /// Maps `file` for reading and writing. See `man 2 mmap`.
  public init(_ file: borrowing MemoryFile) throws(Errno) {
    try self.init(file.descriptor, byteCount: file.byteCount)
  }

  init(_ descriptor: borrowing FileDescriptor, byteCount: Int) throws(Errno) {
    let address = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw Errno.last("mmap") }
    unsafe bytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
  }

  /// Maps `file` for reading alone; a write to `bytes` ends the process.
  package init(reading file: borrowing MemoryFile) throws(Errno) {
    let address = unsafe mmap(nil, file.byteCount, PROT_READ, MAP_SHARED, file.descriptor.number, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw Errno.last("mmap") }
    unsafe bytes = UnsafeMutableRawBufferPointer(start: address, count: file.byteCount)
  }

  deinit {
    // Where a forked child's copy points there may be something else by now, such as the stack of a thread: a mapping
    // can be left out of forks. What a child did get ends with it.
    guard owner == .current else { return }
    unsafe munmap(bytes.baseAddress!, bytes.count)
  }

  /// Enters the pages of `range` into this process's page table, so that no access faults later.
  ///
  /// Only a matter of speed: where the kernel cannot do it (before Linux 5.14), pages fault one by one as usual.
  /// - Parameter range: offsets in bytes, both multiples of the page size.
  /// - Complexity: O(pages), about 0.4 ms per MiB.
  public func populate(_ range: Range<Int>, forWriting: Bool) {
    _ = unsafe headrace_populate(bytes.baseAddress! + range.lowerBound, range.count, forWriting)
  }

  /// Allocates `range` in huge pages, for all who map the file, where the system gives them to who asks; in others
  /// where it has none left.
  ///
  /// `fallocate` cannot ask. See `man 2 madvise`, MADV_HUGEPAGE.
  /// - Parameter range: offsets in bytes, both multiples of the page size.
  /// - Complexity: O(pages): about 0.13 ms per MiB.
  func populateWithHugePages(_ range: Range<Int>) {
    guard unsafe madvise(bytes.baseAddress! + range.lowerBound, range.count, MADV_HUGEPAGE) == 0 else { return }
    populate(range, forWriting: true)
  }

  /// Leaves the mapping out of children that are forked from now on. See `man 2 madvise`, MADV_DONTFORK.
  public func excludeFromForks() throws(Errno) {
    guard unsafe madvise(bytes.baseAddress!, bytes.count, MADV_DONTFORK) == 0 else { throw Errno.last("madvise") }
  }

  /// Makes the pages of `range` read-only in this process. See `man 2 mprotect`.
  /// - Parameter range: offsets in bytes, both multiples of the page size.
  public func makeReadOnly(_ range: Range<Int>) throws(Errno) {
    guard unsafe mprotect(bytes.baseAddress! + range.lowerBound, range.count, PROT_READ) == 0 else {
      throw Errno.last("mprotect")
    }
  }
}
