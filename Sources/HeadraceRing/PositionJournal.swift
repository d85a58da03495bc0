import HeadraceSystem

/// The positions of the samples of one epoch that are out, in the order of their batches: 8 bytes each in a memory file
/// that grows.
///
/// How many count is in the ring (`StreamRecord`): what a producer has written here and not announced there is written
/// over.
struct PositionJournal: ~Copyable, Sendable {
  private let file: GrowingMemoryFile

  init() throws(Errno) {
    file = try GrowingMemoryFile(name: "headrace-journal")
  }

  /// One that another process has made.
  init(_ descriptor: consuming FileDescriptor) {
    file = GrowingMemoryFile(descriptor)
  }

  var descriptor: Int32 { file.descriptor.number }

  /// Writes positions behind the first `count`. Returns false if there is no memory for them.
  ///
  /// - Complexity: one system call.
  func write(_ positions: [UInt64], at count: Int) -> Bool {
    if positions.isEmpty { return true }
    let (offset, overflow) = count.multipliedReportingOverflow(by: 8)
    guard !overflow else { return false }
    return unsafe positions.withUnsafeBytes { unsafe file.write($0, at: offset) }
  }

  /// The first `count` positions; nil if they are not there.
  func read(_ count: Int) -> [UInt64]? {
    guard count >= 0, count <= file.byteCount / 8 else { return nil }
    if count == 0 { return [] }
    var isRead = false
    let positions = unsafe [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
      isRead = unsafe file.read(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * 8), at: 0)
      initialized = isRead ? count : 0
    }
    return isRead ? positions : nil
  }
}
