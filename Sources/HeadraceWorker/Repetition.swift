import HeadraceCore
import HeadracePipeline
import HeadraceRing

/// What a worker makes again of the epoch in which another was killed: the batches that are out, which it does not publish.
///
/// That they are the same is not taken for granted. Where stages hand on what is done first, a source has another order each
/// time, or a sample fails now and then, what follows would have samples twice, or lack some: then the epoch ends with an
/// error instead.
struct Repetition {
  private let position: StreamPosition?
  private var count = 0
  private var checksum = PositionChecksum()

  /// - Parameter position: where the other worker has left the stream; nil: nothing was out.
  init(of position: StreamPosition?) {
    self.position = position.flatMap { $0.isEnded || $0.epochBatchCount == 0 ? nil : $0 }
  }

  /// What an epoch has come to, when all of it has been made.
  ///
  /// - Returns: an error if it has ended before all were made again that are out.
  func outcome(_ outcome: RunOutcome, of epoch: Int) -> RunOutcome {
    guard case .completed = outcome, let position, epoch == position.epoch, count < position.epochBatchCount else {
      return outcome
    }
    return .failed(difference)
  }

  /// Whether a batch is one that is out. To be told of all batches, in order.
  ///
  /// - Throws: `workerDied` with the last batch that is out, if any of them had other samples than its like.
  mutating func takes(_ positions: [UInt64], of epoch: Int) throws(HeadraceError) -> Bool {
    guard let position, epoch == position.epoch, count < position.epochBatchCount else { return false }
    count += 1
    checksum.add(positions)
    guard count == position.epochBatchCount, checksum != position.checksum else { return true }
    throw difference
  }

  private var difference: HeadraceError {
    HeadraceError(
      .workerDied,
      "The worker died, and epoch \(position?.epoch ?? 0) cannot be gone on with: made again, what had been published of it"
        + " has other samples. A stage with ordering: .completion, a merge, a source that has no order of its own, and"
        + " failures that come and go do that. The next epoch is not affected.")
  }
}
