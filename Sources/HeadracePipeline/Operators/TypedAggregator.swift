/// Lends an aggregator to the engine. It is changed where it lies: a closure with the aggregator as its state would
/// copy what the aggregator has gathered, for every sample.
struct TypedAggregator<Base: Aggregator>: ErasedAggregator {
  private var base: Base

  init(_ base: Base) {
    self.base = base
  }

  mutating func accumulate(_ sample: AnySample) throws -> AnySample? { try base.accumulate(typed(sample)) }
  mutating func flush() throws -> AnySample? { try base.flush() }
}
