/// What went through a queue and how long it lay there: sums over time, which need no time for each item.
///
/// The area under "how many wait" is the time that all items together have waited (Little 1961), so their mean wait
/// follows without a stamp on any of them.
struct QueueFlow: Sendable, Hashable {
  /// Items that were taken.
  var itemCount = 0
  /// Bytes of them, where their type tells.
  var byteCount = 0
  /// Nanoseconds, summed over all that waited.
  private(set) var waitingNanoseconds: UInt64 = 0
  private var since: UInt64 = 0

  /// Since the last call `waiting` items have waited.
  mutating func advance(to now: UInt64, waiting: Int) {
    guard now > since else { return }
    if waiting > 0, since > 0 {
      waitingNanoseconds += (now - since) * UInt64(waiting)
    }
    since = now
  }

  static func + (left: QueueFlow, right: QueueFlow) -> QueueFlow {
    var sum = left
    sum.itemCount += right.itemCount
    sum.byteCount += right.byteCount
    sum.waitingNanoseconds += right.waitingNanoseconds
    return sum
  }

  /// What came on top of an earlier look.
  func since(_ earlier: QueueFlow) -> QueueFlow {
    var rest = self
    rest.itemCount = itemCount.beyond(earlier.itemCount)
    rest.byteCount = byteCount.beyond(earlier.byteCount)
    rest.waitingNanoseconds = waitingNanoseconds.beyond(earlier.waitingNanoseconds)
    return rest
  }
}
