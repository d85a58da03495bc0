import HeadraceCore
import HeadraceImages
import HeadracePipeline
import HeadraceShards

extension Pipeline where Element == Record {
  /// Decodes records straight into batches: each column's field into its row of the slot that the trainer will read.
  ///
  /// ```swift
  /// let images = ImageDecoder([.randomResizedCrop(224), .horizontalFlip(), .normalizeImageNet], layout: .chw)
  /// let pipeline = try Pipeline(from: ShardSource("train.tar.zst")).batch(
  ///   size: 64,
  ///   columns: [
  ///     .image("image", from: "jpg", "png", dtype: .float32, decoder: images), .integer("label", from: "cls"),
  ///   ], seed: 7, concurrency: 2)
  /// ```
  ///
  /// - Parameters:
  ///   - columns: the tensors of a batch, in their order.
  ///   - seed: of random choices, which depend on it, epoch, sample and the stage's name, and on nothing else.
  ///   - concurrency: samples decoded at once.
  ///   - ordering, onFailure, partial, options: as of `batch(_:_:concurrency:ordering:onFailure:partial:options:_:)`.
  public func batch(
    _ name: String = Column.stageName, size: Int, columns: [Column], seed: UInt64 = 0, concurrency: Concurrency = 1,
    ordering: Ordering = .input, onFailure: FailurePolicy = .raise, partial: PartialBatch = .emit,
    options: StageOptions = .standard
  ) -> BatchPipeline {
    batch(
      name, BatchSpec(size: size, tensors: columns.map(\.tensor)), concurrency: concurrency, ordering: ordering,
      onFailure: onFailure, partial: partial, options: options,
      validating: { () throws(HeadraceError) in
        for column in columns {
          try FieldNames(column.fields).validate(for: "Tensor \(column.tensor)")
          try column.decoder.validate(column.tensor)
        }
      }
    ) { record, row in
      for column in columns { try column.write(record, &row, seed: seed) }
    }
  }
}

extension Column {
  /// Decodes the record's field into the row.
  func write(_ record: Record, _ row: inout Row, seed: UInt64) throws {
    let bytes = try FieldNames(fields).bytes(of: record)
    // Streams are so far apart that no sample draws from two.
    var random = row.context.random(seed: seed &+ UInt64(truncatingIfNeeded: stream) << 48, sample: record.sampleID)
    try decoder.decode(bytes.span, into: try row.tensor(tensor.name), random: &random)
  }
}
