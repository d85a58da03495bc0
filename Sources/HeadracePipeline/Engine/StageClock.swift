/// How one stage of a run spends its time, in all epochs together: two at once take no more time than one.
struct StageClock {
  /// What a stage does at one moment.
  struct Load {
    /// Whether an epoch is at work; else no time is counted.
    var isRunning = false
    /// Hands that the stage has.
    var concurrency: Int
    /// Those of them that are at work.
    var atWork = 0
    /// Turns that wait for a lane.
    var ready = 0
    /// What the idle hands wait for; nil: for nothing, since nothing will come.
    var reason: SliceResult?

    var idle: Int { max(0, concurrency - atWork - ready) }
  }

  private(set) var times = StageTimes()
  /// Until when `times` is complete.
  private var since: UInt64 = 0
  /// Since when hands have been idle that have worked before, the longest first.
  private var idleSince: Deque<UInt64> = Deque()

  /// Counts the time until `now` as what the stage has been doing since the last change.
  mutating func advance(to now: UInt64, _ load: Load) {
    let elapsed = now > since ? now - since : 0
    since = max(since, now)
    guard load.isRunning else { return }
    times.atWork += elapsed * UInt64(load.atWork)
    if load.atWork > 0 {
      times.busy += elapsed
    } else if load.ready > 0 || load.reason == .blocked {
      times.blocked += elapsed
    } else {
      times.starved += elapsed
    }
    let waited = elapsed * UInt64(load.idle)
    if load.reason == .blocked { times.putWait.nanoseconds += waited }
    if load.reason == .starved { times.getWait.nanoseconds += waited }
  }

  /// A hand begins to wait.
  mutating func beginWait(now: UInt64) { idleSince.append(now) }

  /// A hand that waited has something to do again: the one that has waited longest, though it does not matter which.
  mutating func endWait(now: UInt64, _ load: Load) {
    // Fewer hands than there were.
    while idleSince.count > max(1, load.idle) { idleSince.removeFirst() }
    guard !idleSince.isEmpty else { return }
    let begun = idleSince.popFirst()
    let waited = now > begun ? now - begun : 0
    if load.reason == .blocked { times.putWait.histogram.record(nanoseconds: waited) }
    if load.reason == .starved { times.getWait.histogram.record(nanoseconds: waited) }
  }

  /// No epoch is at work any more: nobody waits for anything.
  mutating func stop() { idleSince.removeAll() }
}
