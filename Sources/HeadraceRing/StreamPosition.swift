/// Where the stream of a ring stood when its producer was killed.
package struct StreamPosition: Hashable, Sendable {
  /// The epoch of the last message.
  package var epoch: Int
  /// Batches of that epoch that are out.
  package var epochBatchCount: Int
  /// Whether that epoch is over: its end, or the error that ended it, is out.
  package var isEnded: Bool
  /// Whether it ended with an error.
  package var hasFailed: Bool
  /// Of the samples in those batches.
  package var checksum: PositionChecksum
  /// Batches since the start that are out.
  package var sequence: Int
}
