import HeadraceCore

extension Pipeline {
  /// Gathers samples into batches: each is written straight into its row of a slot, which the trainer will read.
  ///
  /// The closure must write every tensor of the row, since slots are reused. Decoding here rather than in a `map` before
  /// saves one copy of each sample.
  ///
  /// - Parameters:
  ///   - concurrency: rows written at once.
  ///   - ordering: `.input`: batch `n` holds the samples from `n * size` on, without those that failed, at any
  ///     concurrency. `.completion`: a batch is handed on as soon as its rows are full, even before an earlier one.
  ///   - partial: what happens to the last samples of an epoch when they do not fill a batch.
  public func batch(
    _ name: String, _ spec: BatchSpec, concurrency: Int = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, partial: PartialBatch = .emit,
    _ fill: @escaping @Sendable (Element, inout Row) throws -> Void
  ) -> BatchPipeline {
    let index = stages.count
    let upstream = build
    let inputCapacity = stages[index - 1].prefetch
    let description = StageDescription(
      kind: .batch, name: name, concurrency: concurrency, ordering: ordering, failurePolicy: onFailure)
    return BatchPipeline(
      stages: stages + [description], spec: spec, partial: partial, validateSource: validateSource
    ) { run, sink in
      let input = upstream(run, inputCapacity)
      run.add(
        BatchNode(input: input, sink: sink, stage: run.stage(index), spec: spec, partial: partial) { sample, row in
          try fill(typed(sample), &row)
        })
    }
  }

  /// Gathers samples into batches, in a stage named `batch`; see `batch(_:_:concurrency:ordering:onFailure:partial:_:)`.
  public func batch(
    _ spec: BatchSpec, concurrency: Int = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    partial: PartialBatch = .emit, _ fill: @escaping @Sendable (Element, inout Row) throws -> Void
  ) -> BatchPipeline {
    batch(
      "batch", spec, concurrency: concurrency, ordering: ordering, onFailure: onFailure, partial: partial, fill)
  }
}
