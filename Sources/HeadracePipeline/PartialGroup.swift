/// What happens to the samples at the end of an epoch that do not fill a group.
public enum PartialGroup: Sendable, Hashable {
  /// They are left out, and counted by `StageStatistics.filteredCount`: each epoch loses them without an error.
  case drop
  /// They come in a group with fewer samples.
  case emit
}
