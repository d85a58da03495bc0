import HeadraceSystem

/// Bounds a wait of a test, so that a fault that hangs fails by name instead of holding up the whole run.
struct WorkerWatchdog {
  /// What the watchdog throws when it has waited long enough.
  struct Bite: Error, CustomStringConvertible {
    let description: String
  }

  private let deadline: UInt64?
  private let seconds: Int

  init(seconds: Int = 120) {
    self.seconds = seconds
    deadline = MonotonicClock.deadline(after: .seconds(seconds))
  }

  /// Waits until `descriptor` is readable or at its end.
  func wait(_ descriptor: Int32, for what: String) throws(Bite) {
    if Poll.wait(descriptor, until: deadline).timedOut { throw Bite(description: "no \(what) within \(seconds) s") }
  }

  /// Asks until `condition` holds.
  func wait(for what: String, _ condition: () -> Bool) throws(Bite) {
    while !condition() {
      if let deadline, MonotonicClock.now >= deadline { throw Bite(description: "no \(what) within \(seconds) s") }
    }
  }
}
