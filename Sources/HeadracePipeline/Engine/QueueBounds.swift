/// How many samples a queue takes, as far as that follows from the concurrency of the stages on both sides.
struct QueueBounds: Equatable {
  /// What the user has set, and a place for each sample that the stage before works on; nil if nothing is set.
  let fixed: Int?
  /// The least bound: two places for each hand, so that one can be filled while another is emptied.
  let minimum: Int

  /// - Parameter concurrency: gives that of a stage at this moment.
  init(_ edge: PipelineGraph.Edge, concurrency: (_ stage: Int) -> Int) {
    let from = concurrency(edge.producer)
    fixed = edge.prefetch.items.map { $0 + from }
    minimum = 2 * max(from, edge.consumer.map(concurrency) ?? 1)
  }
}
