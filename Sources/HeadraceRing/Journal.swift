import HeadraceCore
import HeadraceSystem

/// The newest of what the supervisor has to tell, in a memory file that it writes and others read, and that grows as
/// it is written.
///
/// ```
/// count u64: entries written since the start
/// entry n, at entryByteCount * (1 + n mod entryCount): byte count u64 | stored bytes
/// ```
struct Journal<Entry: JournalEntry>: ~Copyable, Sendable {
  private let file: GrowingMemoryFile

  /// An empty one, of that ring.
  init(_ ring: RingName) throws(Errno) {
    file = try GrowingMemoryFile(name: Entry.filePrefix + ring.number)
  }

  /// One that another process has made.
  init(_ descriptor: consuming FileDescriptor) {
    file = GrowingMemoryFile(descriptor)
  }

  private var entryCount: Int { Entry.keptCount }
  private var entryByteCount: Int { Entry.roomByteCount }

  var descriptor: Int32 { file.descriptor.number }

  /// Adds an entry; without memory it is not told. One writer at a time.
  ///
  /// - Parameter shorten: leaves something out of one that has no room. Returns false where nothing is left to leave
  ///   out.
  /// - Returns: whether it is there.
  @discardableResult func append(_ entry: Entry, shorten: (inout Entry) -> Bool = { _ in false }) -> Bool {
    var entry = entry
    var stored: [UInt8] = []
    while true {
      stored = []
      guard (try? entry.store(into: &stored)) != nil else { return false }
      if stored.count <= entryByteCount - 8 { break }
      guard shorten(&entry) else { return false }
    }
    let number = count
    var bytes: [UInt8] = []
    UInt64(stored.count).store(into: &bytes)
    bytes += stored
    // Counted once it is there.
    guard write(bytes, at: offset(number)) else { return false }
    var total: [UInt8] = []
    UInt64(number + 1).store(into: &total)
    return write(total, at: 0)
  }

  /// Those from number `first` on that are there, the oldest first.
  ///
  /// - Parameter count: entries written; nil: as many as there are now.
  func read(from first: Int = 0, upTo count: Int? = nil) -> [Entry] {
    let count = count ?? self.count
    return (max(0, first, count - entryCount)..<max(0, first, count)).compactMap { number in
      guard let head = read(8, at: offset(number)), let length = try? UInt64(storedBytes: head.span),
        length <= UInt64(entryByteCount - 8), let bytes = read(Int(length), at: offset(number) + 8)
      else { return nil }
      return try? Entry(storedBytes: bytes.span)
    }
  }

  /// Entries written since the start.
  var count: Int {
    // Clamped well below what arithmetic on offsets can take: the memory may be anything.
    read(8, at: 0).flatMap { try? UInt64(storedBytes: $0.span) }.map { Int(min($0, 1 << 40)) } ?? 0
  }

  private func offset(_ number: Int) -> Int { entryByteCount * (1 + number % entryCount) }

  private func write(_ bytes: [UInt8], at offset: Int) -> Bool {
    unsafe bytes.withUnsafeBytes { unsafe file.write($0, at: offset) }
  }

  private func read(_ byteCount: Int, at offset: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    return unsafe bytes.withUnsafeMutableBytes({ unsafe file.read($0, at: offset) }) ? bytes : nil
  }
}
