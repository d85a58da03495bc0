import HeadraceCore

extension Pipeline {
  /// Hands on the samples for which `isIncluded` is true, and counts the others.
  public func filter(
    _ name: String = "filter", concurrency: Int = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    _ isIncluded: @escaping @Sendable (Element) throws -> Bool
  ) -> Pipeline<Element> {
    appending(
      StageDescription(
        kind: .filter, name: name, concurrency: concurrency, ordering: ordering, failurePolicy: onFailure)
    ) { sample in try isIncluded(typed(sample)) ? sample : nil }
  }
}
