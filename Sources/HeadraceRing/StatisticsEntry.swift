import HeadraceCore

/// One stage's statistics in the ring: which property lies where. Reading and writing go by the same two lists.
///
/// ```
/// name 64 | integers, i64 each, in the order below | numbers, f64 each, in the order below | free up to the next entry
/// ```
enum StatisticsEntry {
  private typealias Property<Value> = WritableKeyPath<StageStatistics, Value> & Sendable

  private static let integers: [any Property<Int>] = [
    \.concurrency, \.taskCount, \.failureCount, \.filteredCount, \.retryCount, \.timeoutCount, \.quarantinedCount,
    \.activeCount, \.output.itemCount, \.output.byteCount,
  ]
  private static let numbers: [any Property<Double>] = [
    \.elapsedSeconds, \.taskSeconds, \.taskSecondsP50, \.taskSecondsP90, \.taskSecondsP99, \.busy, \.blocked, \.starved,
    \.output.elapsedSeconds, \.output.putSeconds, \.output.putSecondsP90, \.output.putSecondsP99, \.output.getSeconds,
    \.output.getSecondsP90, \.output.getSecondsP99, \.output.queueSeconds, \.output.occupancy,
  ]

  private static let nameByteCount = 64
  private static let integersOffset = nameByteCount
  private static let numbersOffset = integersOffset + integers.count * 8

  /// Writes the entry that starts at `offset`. A name of more than 63 bytes is cut between characters.
  static func write(_ stage: StageStatistics, to ring: Ring, at offset: Int) {
    let name = unsafe ring.bytes(offset..<(offset + nameByteCount))
    unsafe name.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe name.copyBytes(from: stage.name.utf8.wholePrefix(nameByteCount - 1))
    for (place, property) in integers.enumerated() {
      ring.store(offset + integersOffset + place * 8, Int64(stage[keyPath: property]))
    }
    for (place, property) in numbers.enumerated() {
      ring.store(offset + numbersOffset + place * 8, stage[keyPath: property].bitPattern)
    }
  }

  /// Reads the entry that starts at `offset`, whatever is there.
  static func read(from ring: Ring, at offset: Int) -> StageStatistics {
    let name = unsafe String(
      decoding: ring.bytes(offset..<(offset + nameByteCount)).prefix { $0 != 0 }, as: UTF8.self)
    var stage = StageStatistics(name: name, concurrency: 0)
    for (place, property) in integers.enumerated() {
      let value = ring.load(offset + integersOffset + place * 8, as: Int64.self)
      stage[keyPath: property] = Int(truncatingIfNeeded: value)
    }
    for (place, property) in numbers.enumerated() {
      let value = Double(bitPattern: ring.load(offset + numbersOffset + place * 8, as: UInt64.self))
      stage[keyPath: property] = value.isFinite ? value : 0
    }
    return stage
  }
}
