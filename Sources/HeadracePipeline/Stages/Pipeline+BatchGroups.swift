import HeadraceCore

extension Pipeline {
  /// Makes a batch of each array, of as many rows as it has elements; each is written straight into its row of a slot.
  ///
  /// For groups that a stage before has made, of samples that go well together:
  ///
  /// ```swift
  /// // Short sentences in large batches, long ones in small batches, and little padding in either.
  /// let spec = BatchSpec(size: 128, TensorSpec("tokens", .int32, shape: [512]).padded(maximumByteCount: 64 << 10))
  /// let pipeline = sentences
  ///   .bucketByLength(boundaries: [64, 256], batchSizes: [128, 32, 8]) { $0.tokens.count }
  ///   .batch(groups: spec) { sentence, row in try row.write(contentsOf: sentence.tokens, to: "tokens") }
  /// ```
  ///
  /// A sample that fails and is left out makes its batch smaller by one row; a group of which none is left makes no
  /// batch. All samples of a group bear the position of its first.
  ///
  /// - Parameters:
  ///   - spec: its size is that of the largest group, for which slots have room. A larger group ends the epoch with
  ///     `batchTooLarge`. An empty one is passed over.
  ///   - concurrency: rows written at once, of one group or several.
  ///   - ordering: `.input`: batches leave in the order of their groups. `.completion`: as they get done.
  public func batch<Sample: Sendable>(
    _ name: String = "batch", groups spec: BatchSpec, concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ fill: @escaping @Sendable (Sample, inout Row) throws -> Void
  ) -> BatchPipeline where Element == [Sample] {
    let description = StageDescription(.batch, name, concurrency, ordering, onFailure, options)
    let traits = ElementTraits<Sample>()
    return batching(description, spec, .emit, split: { traits.members($0) }, of: Sample.self) { item, row in
      try fill(typed(item.value), &row)
    } assembler: {
      RowAssembler(groupsIn: ordering)
    }
  }
}
