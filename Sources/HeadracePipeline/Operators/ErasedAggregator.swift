/// An aggregator whose types only the pipeline knows.
protocol ErasedAggregator: Sendable {
  mutating func accumulate(_ sample: AnySample) throws -> AnySample?
  mutating func flush() throws -> AnySample?
}
