import HeadraceSystem

/// Which samples the event log has told of, more of them than it keeps: 24 bytes each in a memory file, the newest
/// 65,536.
///
/// How many count is in the event log: an entry is written here before it is counted there.
struct FailureJournal: ~Copyable, Sendable {
  static let entryCount = 65_536
  private static let entryByteCount = 24

  private let file: GrowingMemoryFile

  init() throws(Errno) {
    file = try GrowingMemoryFile(name: "headrace-failures")
  }

  /// One that another process has made.
  init(_ descriptor: consuming FileDescriptor) {
    file = GrowingMemoryFile(descriptor)
  }

  var descriptor: Int32 { file.descriptor.number }

  /// Notes failure `number`, counted from the start.
  func write(_ entry: FailureKey, number: Int) {
    let words = [
      UInt64(bitPattern: Int64(entry.epoch)), UInt64(bitPattern: Int64(entry.position)), UInt64(entry.stage),
    ]
    // Without memory it is told twice at worst.
    _ = unsafe words.withUnsafeBytes { unsafe file.write($0, at: number % Self.entryCount * Self.entryByteCount) }
  }

  /// The failures before number `end`, from the newest on, as long as `isWanted`.
  func read(before end: Int, while isWanted: (FailureKey) -> Bool) -> [FailureKey] {
    var entries: [FailureKey] = []
    for number in stride(from: end - 1, through: max(0, end - Self.entryCount), by: -1) {
      var words: [UInt64] = [0, 0, 0]
      let isRead = unsafe words.withUnsafeMutableBytes {
        unsafe file.read($0, at: number % Self.entryCount * Self.entryByteCount)
      }
      guard isRead else { break }
      let entry = FailureKey(
        epoch: Int(Int64(bitPattern: words[0])), position: Int(Int64(bitPattern: words[1])),
        stage: UInt32(truncatingIfNeeded: words[2]))
      guard isWanted(entry) else { break }
      entries.append(entry)
    }
    return entries
  }
}
