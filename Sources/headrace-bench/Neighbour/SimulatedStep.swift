import HeadraceSystem

/// A training step as a trainer sees it that drives an accelerator: many short launches, each of some work of the host,
/// after which the accelerator is busy for a while; then a wait until the accelerator is done.
///
/// The host is nearly as slow as the accelerator, as eager frameworks are. So whatever keeps it from a processor, a
/// cache or memory for longer than the little that it is ahead makes the step longer.
struct SimulatedStep {
  static let launchCount = 200
  /// What the accelerator works on one launch: 20 ms a step.
  static let acceleratorNanoseconds: UInt64 = 100_000
  /// What the host needs for one launch on a quiet machine.
  static let hostNanoseconds: UInt64 = 90_000

  /// Rounds of work for one launch, as `calibrate` found.
  let rounds: Int
  private var host = HostWork()

  init(rounds: Int) {
    self.rounds = rounds
  }

  /// Rounds of work that take `hostNanoseconds` when nothing else runs.
  static func calibrate() -> Int {
    var host = HostWork()
    host.work(rounds: 200_000)
    // The quickest of many: what others take of the machine only makes it slower.
    var quickest = UInt64.max
    for _ in 0..<200 {
      let start = MonotonicClock.now
      host.work(rounds: 10_000)
      quickest = min(quickest, MonotonicClock.now - start)
    }
    return Int(10_000 * hostNanoseconds / max(1, quickest))
  }

  /// One step, from the moment at which its batch is there.
  mutating func run() {
    var acceleratorIsFreeAt = MonotonicClock.now
    for _ in 0..<Self.launchCount {
      host.work(rounds: rounds)
      acceleratorIsFreeAt = max(acceleratorIsFreeAt, MonotonicClock.now) + Self.acceleratorNanoseconds
    }
    // Asleep, as a thread is that waits for the accelerator's interrupt: how late it wakes up counts.
    Pause.sleep(until: acceleratorIsFreeAt)
  }
}

/// Work of the host between launches: arithmetic and reads all over a table that fits into the second-level cache, as
/// those of an interpreter do.
private struct HostWork {
  private var table = (0..<65_536).map { UInt32(truncatingIfNeeded: $0 &* 2_654_435_761) }
  private var state: UInt32 = 1

  mutating func work(rounds: Int) {
    var state = state
    for _ in 0..<rounds {
      let place = Int(state >> 16)
      state = state &* 1_664_525 &+ table[place] | 1
      table[place] = state
    }
    self.state = state
  }
}
