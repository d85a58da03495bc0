import HeadraceCore

/// What the items of a group have in common. AnyHashable would do, but it may hold what threads must not share.
struct GroupKey: Hashable, Sendable {
  private let value: (any Hashable & Sendable)?

  init(_ value: any Hashable & Sendable) {
    self.value = value
  }

  /// A key of the user's, by which its group can be found again.
  ///
  /// - Throws: `stageFailed` if it is not equal to itself.
  static func checked(_ value: some Hashable & Sendable) throws(HeadraceError) -> GroupKey {
    guard value == value else {
      throw HeadraceError(
        .stageFailed,
        "The key \(value) is not equal to itself, so no sample can have the same; leave such samples out with a filter"
          + " before, or give them another key.")
    }
    return GroupKey(value)
  }

  /// The key of all items where none is told.
  static let none = GroupKey()

  private init() {
    value = nil
  }

  static func == (left: GroupKey, right: GroupKey) -> Bool {
    guard let left = left.value, let right = right.value else { return left.value == nil && right.value == nil }
    return AnyHashable(left) == AnyHashable(right)
  }

  func hash(into hasher: inout Hasher) {
    value?.hash(into: &hasher)
  }
}
