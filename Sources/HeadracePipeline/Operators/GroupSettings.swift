import HeadraceSystem

/// What a stage that gathers samples was told, to be checked when the pipeline is planned.
struct GroupSettings: Sendable {
  var maximum: Int
  /// How long after its first item a group leaves; nil: no sooner than it is full.
  var window: Duration?
  var openGroups = 64
  var partial = PartialGroup.emit
  var key: (@Sendable (AnySample) throws -> GroupKey)?

  /// What of it decides what comes out, as text.
  var details: String {
    "\(maximum) \(window.map { "\($0)" } ?? "-") \(openGroups)\(key == nil ? "" : " by key") \(partial)"
  }

  /// What is wrong with it, as a sentence; nil if nothing is.
  var mistake: String? {
    if maximum < 1 { return "A group of \(maximum) samples is not possible; it must have 1 or more." }
    if openGroups < 1 { return "\(openGroups) open groups are not possible; there must be 1 or more." }
    if let window, window <= .zero || window > .seconds(3600) {
      return "A group cannot be gathered within \(window); the time must be above 0 and at most 3600 seconds."
    }
    return nil
  }

  /// - Parameter collate: makes the value of a group.
  func makeOperator(collate: @escaping @Sendable (ItemGroup) -> AnySample = { $0 }) -> GroupOperator {
    GroupOperator(
      maximum: maximum, window: window.flatMap(MonotonicClock.nanoseconds), maximumOpenGroups: openGroups,
      partial: partial, key: key, collate: collate)
  }
}
