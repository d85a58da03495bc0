import HeadraceCore

extension Pipeline {
  /// Gathers samples into batches: each is written straight into its row of a slot, which the trainer will read.
  ///
  /// The closure must write every tensor of the row, since slots are reused. Decoding here rather than in a `map`
  /// before saves one copy of each sample.
  ///
  /// Rows of a tensor that is `padded` or `ragged` may differ in shape: see there. Samples of about the same length
  /// waste least, for which there are `bucketByLength` and `batch(groups:)`.
  ///
  /// - Parameters:
  ///   - concurrency: rows written at once.
  ///   - ordering: `.input`: batch `n` holds the samples from `n * size` on, without those that failed, at any
  ///     concurrency. `.completion`: a batch is handed on as soon as its rows are full, even before an earlier one.
  ///   - partial: what happens to the last samples of an epoch when they do not fill a batch.
  @inlinable public func batch(
    _ name: String, _ spec: BatchSpec, concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, partial: PartialBatch = .emit, options: StageOptions = .standard,
    _ fill: @escaping @Sendable (Element, inout Row) throws -> Void
  ) -> BatchPipeline {
    batching(StageDescription(.batch, name, concurrency, ordering, onFailure, options), spec, partial) { item, row in
      try fill(typed(item.value), &row)
    }
  }

  /// Gathers samples into batches, in a stage named `batch`; see the method with a name.
  public func batch(
    _ spec: BatchSpec, concurrency: Concurrency = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    partial: PartialBatch = .emit, options: StageOptions = .standard,
    _ fill: @escaping @Sendable (Element, inout Row) throws -> Void
  ) -> BatchPipeline {
    batch(
      "batch", spec, concurrency: concurrency, ordering: ordering, onFailure: onFailure, partial: partial,
      options: options, fill)
  }
}

extension Pipeline {
  /// Gathers samples into batches as `batch` does, by a closure whose mistakes `validating` finds before the start.
  package func batch(
    _ name: String, _ spec: BatchSpec, concurrency: Concurrency, ordering: Ordering, onFailure: FailurePolicy,
    partial: PartialBatch, options: StageOptions, validating: @escaping @Sendable () throws(HeadraceError) -> Void,
    _ fill: @escaping @Sendable (Element, inout Row) throws -> Void
  ) -> BatchPipeline {
    let description = StageDescription(.batch, name, concurrency, ordering, onFailure, options)
    return batching(description, spec, partial, split: nil, of: Element.self, validating: validating) { item, row in
      try fill(typed(item.value), &row)
    } assembler: {
      RowAssembler(size: spec.size, ordering: ordering)
    }
  }

  /// Ends the pipeline with a stage that writes each item into a row, in batches of one size.
  @usableFromInline func batching(
    _ description: StageDescription, _ spec: BatchSpec, _ partial: PartialBatch,
    _ fill: @escaping @Sendable (Item, inout Row) throws -> Void
  ) -> BatchPipeline {
    batching(description, spec, partial, split: nil, of: Element.self, fill) {
      RowAssembler(size: spec.size, ordering: description.ordering)
    }
  }

  /// Ends the pipeline with a stage that writes items into rows.
  ///
  /// - Parameters:
  ///   - split: the samples that an item stands for; nil: itself.
  ///   - sample: what `fill` finds in an item.
  ///   - validating: finds mistakes of `fill`'s before the start.
  ///   - makeAssembler: what says which sample of an epoch goes to which row.
  func batching<Sample: Sendable>(
    _ description: StageDescription, _ spec: BatchSpec, _ partial: PartialBatch, split: (@Sendable (Item) -> [Item])?,
    of sample: Sample.Type,
    validating: @escaping @Sendable () throws(HeadraceError) -> Void = { () throws(HeadraceError) in },
    _ fill: @escaping @Sendable (Item, inout Row) throws -> Void,
    assembler makeAssembler: @escaping @Sendable () -> RowAssembler
  ) -> BatchPipeline {
    let closure = StageClosure.Row(
      input: SampleCoder(sample), typeName: "\(sample)", spec: spec, fill: fill)
    let last = StageBlueprint(
      description, inputs: [output], outputCount: 0, validate: validating, closure: .row(closure)
    ) { assembly in
      guard let sink = assembly.sink else {
        preconditionFailure("batches of stage \"\(description.name)\" have nowhere to go")
      }
      return BatchNode(
        assembly, sink: sink, spec: spec, partial: partial, assembler: makeAssembler(), split: split, fill: fill)
    }
    return BatchPipeline(last: last, spec: spec, partial: partial, limits: limits)
  }
}
