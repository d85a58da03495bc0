import HeadraceCore

/// What a journal keeps.
protocol JournalEntry: Storable {
  /// What the names of its files begin with; see `RingName`.
  static var filePrefix: String { get }
  /// How many are kept, the newest.
  static var keptCount: Int { get }
  /// Bytes from one to the next: those of its own, and 8 for how many that are.
  static var roomByteCount: Int { get }
}
