import HeadraceCore

extension Pipeline {
  /// Gathers samples of about the same length into arrays, so that padding them to the longest wastes little.
  ///
  /// ```swift
  /// // Below 64, from 64 up to and without 256, from 256 on: about as many tokens in each array.
  /// sentences.bucketByLength(boundaries: [64, 256], batchSizes: [128, 32, 8]) { $0.tokens.count }
  /// ```
  ///
  /// Each bucket hands on an array when it is full. What has a rare length stays until then, so up to the sum of all
  /// batch sizes is kept.
  ///
  /// - Parameters:
  ///   - boundaries: ascending; bucket `i` holds the lengths from boundary `i - 1` up to and without boundary `i`.
  ///   - batchSizes: samples of a full array for each bucket, 1 or more; one more than there are boundaries.
  ///   - partial: what happens to the samples that are left at the end of an epoch. If they are handed on, it is in the
  ///     order of the buckets.
  ///   - onFailure: what an error of the closure, or a length below 0, does.
  ///   - length: the length of a sample, 0 or more.
  /// - Complexity: O(log(buckets)) for each sample.
  public func bucketByLength(
    _ name: String = "bucket", boundaries: [Int], batchSizes: [Int], partial: PartialGroup = .emit,
    onFailure: FailurePolicy = .raise, _ length: @escaping @Sendable (Element) throws -> Int
  ) -> Pipeline<[Element]> {
    appending(
      StageDescription(
        kind: .bucket, name: name, details: "\(boundaries) \(batchSizes) \(partial)", failurePolicy: onFailure),
      mistake: BucketOperator.mistake(boundaries: boundaries, sizes: batchSizes)
    ) { _ in
      BucketOperator(
        boundaries: boundaries, sizes: batchSizes, partial: partial, length: { try length(typed($0)) },
        collate: Self.collate)
    }
  }
}
