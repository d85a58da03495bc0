/// How many samples have a field, for listings.
public struct FieldCount: Sendable, Hashable {
  /// The field, such as `png`.
  public var name: String
  /// Samples that have it, at least 1 in a listing.
  public var count: Int

  /// Says that `count` samples have field `name`.
  public init(name: String, count: Int) {
    self.name = name
    self.count = count
  }
}

extension [FieldCount] {
  /// Counts one more; fields stay in the order in which they were first seen.
  mutating func add(_ name: String) {
    if let index = firstIndex(where: { $0.name.hasSameBytes(as: name) }) {
      self[index].count += 1
    } else {
      append(FieldCount(name: name, count: 1))
    }
  }
}
