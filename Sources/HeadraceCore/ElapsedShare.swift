/// A share of an elapsed time, and the seconds that it stands for.
struct ElapsedShare {
  private let share: Double
  private let elapsedSeconds: Double

  init(_ share: Double, of elapsedSeconds: Double) {
    self.share = share
    self.elapsedSeconds = elapsedSeconds
  }

  /// Whole nanoseconds, as they were counted before they were divided by the elapsed time.
  ///
  /// Without rounding, a time that stands still would go back by a part of a nanosecond now and then while the elapsed
  /// time goes on, and a monitor takes a counter that goes back for one that began anew.
  var seconds: Double { (share * elapsedSeconds * 1e9).rounded() / 1e9 }

  /// The share of both times together, 0 to 1; 0 if no time has passed.
  func adding(_ other: ElapsedShare) -> Double {
    let elapsed = elapsedSeconds + other.elapsedSeconds
    return elapsed > 0 ? min(1, max(0, (seconds + other.seconds) / elapsed)) : 0
  }

  /// The share of the time between `earlier` and this, 0 to 1; 0 if no time has passed.
  func since(_ earlier: ElapsedShare) -> Double {
    let elapsed = elapsedSeconds - earlier.elapsedSeconds
    return elapsed > 0 ? min(1, max(0, (seconds - earlier.seconds) / elapsed)) : 0
  }
}
