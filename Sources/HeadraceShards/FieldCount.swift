/// How many samples have a field, for listings.
public struct FieldCount: Sendable, Hashable {
  public var name: String
  public var count: Int

  public init(name: String, count: Int) {
    self.name = name
    self.count = count
  }
}

extension [FieldCount] {
  /// Counts one more; fields stay in the order in which they were first seen.
  mutating func add(_ name: String) {
    if let index = firstIndex(where: { $0.name == name }) {
      self[index].count += 1
    } else {
      append(FieldCount(name: name, count: 1))
    }
  }
}
