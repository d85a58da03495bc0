import HeadraceCore

extension Pipeline {
  /// Makes values of several samples, as an aggregator decides; see `Aggregator` for an example.
  ///
  /// Samples come to it one by one, in order. A value bears position and name of the first sample that came after the
  /// value before.
  ///
  /// - Parameters:
  ///   - onFailure: what an error of the aggregator does. One of `accumulate` loses its sample; one of `flush` counts
  ///     as one sample, the first of those that are lost, which came to the stage as any other.
  ///   - options: threads of its own, priority.
  ///   - makeAggregator: makes the aggregator of one epoch.
  public func aggregate<A: Aggregator>(
    _ name: String = "aggregate", onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ makeAggregator: @escaping @Sendable () -> A
  ) -> Pipeline<A.Output> where A.Input == Element {
    let traits = ElementTraits<A.Output>()
    let description = StageDescription(
      kind: .aggregate, name: name, details: CacheFingerprint.name(of: A.self), failurePolicy: onFailure,
      options: options)
    return appending(description) { stage in
      AggregateOperator(TypedAggregator(makeAggregator()), byteCount: { traits.byteCount(typed($0)) }) {
        stage.failure($0, position: $1, label: $2)
      }
    }
  }
}
