/// The queue behind a stage since the worker started, over all epochs: what went through it, and who waited at it.
///
/// Two sides can wait at a queue. The stage before it waits to put where it is full: the next stage is slower. The
/// stage behind it waits to get where it is empty: this stage is slower. Both waits are summed over all that wait at
/// once: where a stage has a concurrency of c and c calls take turns, each of them waits about c times as long as one
/// would.
///
/// The wait of an item that lies in the queue is apart from both, and apart from the time of the calls.
public struct QueueStatistics: Sendable, Hashable {
  /// Items that were taken out.
  public var itemCount: Int
  /// Bytes of the items that were taken out; 0 where elements do not tell theirs.
  public var byteCount: Int
  /// Seconds in which an epoch was at work, the same as of the stage.
  public var elapsedSeconds: Double
  /// Seconds that results, or places for them, had to wait because the queue was full, summed over all of them.
  public var putSeconds: Double
  /// Seconds that nine waits to put in ten do not exceed, within 7 %. What did not have to wait is not among them.
  public var putSecondsP90: Double
  /// Seconds that 99 waits to put in 100 do not exceed, within 7 %. What did not have to wait is not among them.
  public var putSecondsP99: Double
  /// Seconds that free hands of the next stage, or the trainer, had to wait because the queue was empty, summed over
  /// all.
  public var getSeconds: Double
  /// Seconds that nine waits to get in ten do not exceed, within 7 %. Who did not have to wait is not among them.
  public var getSecondsP90: Double
  /// Seconds that 99 waits to get in 100 do not exceed, within 7 %. Who did not have to wait is not among them.
  public var getSecondsP99: Double
  /// Seconds that items lay in the queue, summed over all of them.
  public var queueSeconds: Double
  /// Share of the elapsed time in which at least one item was ready to be taken, 0 to 1. Near 0 the next stage starves,
  /// near 1 it always finds something to do.
  public var occupancy: Double

  /// The statistics of a queue, or of one that nothing has passed. Times are in seconds, the occupancy is from 0 to 1.
  public init(
    itemCount: Int = 0, byteCount: Int = 0, elapsedSeconds: Double = 0, putSeconds: Double = 0,
    putSecondsP90: Double = 0, putSecondsP99: Double = 0, getSeconds: Double = 0, getSecondsP90: Double = 0,
    getSecondsP99: Double = 0, queueSeconds: Double = 0, occupancy: Double = 0
  ) {
    self.itemCount = itemCount
    self.byteCount = byteCount
    self.elapsedSeconds = elapsedSeconds
    self.putSeconds = putSeconds
    self.putSecondsP90 = putSecondsP90
    self.putSecondsP99 = putSecondsP99
    self.getSeconds = getSeconds
    self.getSecondsP90 = getSecondsP90
    self.getSecondsP99 = getSecondsP99
    self.queueSeconds = queueSeconds
    self.occupancy = occupancy
  }

  /// Seconds of waiting to put for one item, on average; 0 before the first.
  public var meanPutSeconds: Double { perItem(putSeconds) }

  /// Seconds of waiting to get for one item, on average; 0 before the first.
  public var meanGetSeconds: Double { perItem(getSeconds) }

  /// Seconds that an item lay in the queue, on average; 0 before the first.
  public var meanQueueSeconds: Double { perItem(queueSeconds) }

  /// Items that were taken out per second of elapsed time.
  public var itemsPerSecond: Double { elapsedSeconds <= 0 ? 0 : Double(itemCount) / elapsedSeconds }

  /// Bytes that were taken out per second of elapsed time.
  public var bytesPerSecond: Double { elapsedSeconds <= 0 ? 0 : Double(byteCount) / elapsedSeconds }

  /// Seconds in which at least one item was ready to be taken.
  public var occupiedSeconds: Double { ElapsedShare(occupancy, of: elapsedSeconds).seconds }

  private func perItem(_ seconds: Double) -> Double { itemCount == 0 ? 0 : seconds / Double(itemCount) }
}
