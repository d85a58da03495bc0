/// How long the hands of a stage waited for one thing. A stage of concurrency c has c hands, and each that has nothing
/// to do waits: so where c hands take turns, each waits c times as long as one would.
struct HandWait: Sendable, Hashable {
  /// Nanoseconds, summed over hands.
  var nanoseconds: UInt64 = 0
  /// How long each wait took that has ended.
  var histogram = DurationHistogram()

  static func + (left: HandWait, right: HandWait) -> HandWait {
    HandWait(nanoseconds: left.nanoseconds + right.nanoseconds, histogram: left.histogram + right.histogram)
  }

  /// What came on top of an earlier look.
  func since(_ earlier: HandWait) -> HandWait {
    HandWait(nanoseconds: nanoseconds.beyond(earlier.nanoseconds), histogram: histogram.since(earlier.histogram))
  }
}
