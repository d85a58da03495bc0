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
  /// The positions of the samples in those batches; nil if they are not known.
  package var positions: [UInt64]?
  /// Batches since the start that are out.
  package var sequence: Int

  /// The epoch that a producer begins with which goes on from here.
  package var nextEpoch: Int { isEnded ? epoch + 1 : epoch }

  /// A place in the stream.
  package init(
    epoch: Int, epochBatchCount: Int, isEnded: Bool, hasFailed: Bool, positions: [UInt64]?, sequence: Int
  ) {
    self.epoch = epoch
    self.epochBatchCount = epochBatchCount
    self.isEnded = isEnded
    self.hasFailed = hasFailed
    self.positions = positions
    self.sequence = sequence
  }
}
