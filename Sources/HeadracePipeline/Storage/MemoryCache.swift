import HeadraceCore

/// Holds the samples of one epoch in memory, up to a number of bytes.
///
/// A part of an epoch is of no use: when one sample is too many, all are freed, and `problem` says so.
struct MemoryCache: Sendable {
  /// Bytes that may be held.
  let byteLimit: Int
  /// The samples, in the order in which they came; none once the cache has been given up.
  private(set) var items: [Item] = []
  /// Bytes held: what the samples say of themselves (`ByteCountable`), and for each what it takes to list it.
  private(set) var byteCount = 0
  /// Why there is no cache; nil as long as all is well.
  private(set) var problem: HeadraceError?

  /// An empty cache of at most `byteLimit` bytes, 0 or more.
  init(byteLimit: Int) {
    precondition(byteLimit >= 0, "a cache has \(byteLimit) bytes")
    self.byteLimit = byteLimit
  }

  /// Appends a sample. Returns false once the cache has been given up.
  @discardableResult
  mutating func append(_ item: Item) -> Bool {
    guard problem == nil else { return false }
    // Whatever a type says of its bytes, the sum stays within the limit.
    let byteCount = max(0, item.byteCount)
    guard byteCount <= byteLimit - self.byteCount - Self.entryByteCount else {
      problem = HeadraceError(
        .limitExceeded,
        "The cache was given up at sample \(HumanUnits.count(items.count + 1)) of \(HumanUnits.bytes(byteCount)): it"
          + " held \(HumanUnits.bytes(self.byteCount)), and may hold \(HumanUnits.bytes(byteLimit)); raise the limit,"
          + " or cache on disk.", sample: item.label?.id)
      items = []
      self.byteCount = 0
      return false
    }
    self.byteCount += byteCount + Self.entryByteCount
    items.append(item)
    return true
  }

  /// What a sample takes whose type does not tell its bytes: without it, any number of those would fit.
  /// An object of 88 bytes comes to 96 in the C library's allocator; then the reference to it.
  static let entryByteCount = 104
}
