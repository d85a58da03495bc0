import HeadraceSystem

/// Sleeps of the calling thread.
enum Pause {
  static func milliseconds(_ duration: Double) {
    _ = Poll.wait(-1, until: MonotonicClock.now + UInt64(duration * 1e6))
  }
}
