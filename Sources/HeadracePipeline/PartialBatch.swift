/// What happens to the samples at the end of an epoch that do not fill a batch.
public enum PartialBatch: Sendable, Hashable {
  /// They are left out, and counted by `StageStatistics.filteredCount`: each epoch loses them without an error.
  case drop
  /// They come in a batch of full size whose remaining rows are zero; `Batch.count` tells how many are real.
  case pad
  /// They come in a batch with fewer rows.
  case emit
}
