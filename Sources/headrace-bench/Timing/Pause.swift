import HeadraceSystem

/// Sleeps of the calling thread.
enum Pause {
  static func milliseconds(_ duration: Double) { sleep(until: MonotonicClock.now + UInt64(duration * 1e6)) }

  /// - Parameter moment: on the monotonic clock.
  static func sleep(until moment: UInt64) { _ = Poll.wait(-1, until: moment) }
}
