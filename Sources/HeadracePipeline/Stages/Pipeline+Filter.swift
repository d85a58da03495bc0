import HeadraceCore

extension Pipeline {
  /// Hands on the samples for which `isIncluded` is true, and counts the others.
  ///
  /// - Parameters: as of `map`.
  @inlinable public func filter(
    _ name: String = "filter", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ isIncluded: @escaping @Sendable (Element) throws -> Bool
  ) -> Pipeline<Element> {
    mapping(StageDescription(.filter, name, concurrency, ordering, onFailure, options)) { item in
      try isIncluded(typed(item.value))
    }
  }
}
