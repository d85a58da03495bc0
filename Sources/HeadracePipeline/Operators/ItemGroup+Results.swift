import HeadraceCore

extension ItemGroup {
  /// The values of its items.
  func elements<Element: Sendable>() -> [Element] { items.map { typed($0.value) } }

  /// One result for each item, in its place.
  ///
  /// - Throws: `stageFailed` if there are more or fewer.
  func outcome<Output: Sendable>(_ results: [Output]) throws(HeadraceError) -> Handover.Outcome {
    guard results.count == items.count else {
      throw HeadraceError(
        .stageFailed,
        """
        The closure returned \(HumanUnits.count(results.count, "result")) for \
        \(HumanUnits.count(items.count, "sample")); it must return one for each, in their order.
        """)
    }
    let traits = ElementTraits<Output>()
    return .many(zip(results, items).map { .value(traits.item($0, from: $1)) })
  }
}
