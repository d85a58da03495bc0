extension QueueStatistics {
  /// What has gone through the queue since an earlier look at it; percentiles are those of now, since the start.
  public func since(_ earlier: QueueStatistics) -> QueueStatistics {
    var interval = self
    interval.itemCount &-= earlier.itemCount
    interval.byteCount &-= earlier.byteCount
    interval.elapsedSeconds -= earlier.elapsedSeconds
    interval.putSeconds -= earlier.putSeconds
    interval.getSeconds -= earlier.getSeconds
    interval.queueSeconds -= earlier.queueSeconds
    interval.occupancy = ElapsedShare(occupancy, of: elapsedSeconds)
      .since(ElapsedShare(earlier.occupancy, of: earlier.elapsedSeconds))
    return interval
  }
}
