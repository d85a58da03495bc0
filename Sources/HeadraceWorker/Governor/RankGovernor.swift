import HeadraceCore
import HeadraceSystem

/// Finds the lowest rank at which the trainer does not wait: a pure value, with no clock and no thread.
///
/// A higher rank takes processors from whoever has them, so it is given only where it helps. Three things are looked
/// at: the trainer waits (A), threads of the loader are ready and have no processor (B), other programs have it (C).
/// - SCHED_IDLE is left for `usual` at A and B, and at B and C, at once.
/// - Above `usual` it rises by steps at A, B and C, each twice in a row.
/// - It comes down a step after a while without reason to be where it is; where that was too early, the next time after
///   twice as long.
struct RankGovernor: Sendable {
  /// Whether the rank may come down to SCHED_IDLE.
  let mayIdle: Bool
  /// The niceness that the loader begins with, and the lowest rank beside that.
  let usual: Int
  /// And where it ranks highest.
  let urgent: Int
  /// The niceness that lanes are to have, or `ThreadRank.idle`.
  private(set) var niceness: Int
  /// Laps in a row that were reasons to rank higher.
  private var wantingCount = 0
  /// Laps in a row that were none to stay.
  private var contentCount = 0
  /// How many of those it takes: one until it has risen for the first time.
  private var patience: Int
  /// Laps since the rank was lowered; nil: it never was.
  private var sinceLowered: Int?

  /// Of the time that the trainer may wait.
  static let tolerableWait = 0.02
  /// Threads that are ready and have no processor, from which on rank can help.
  static let notableDelay = 0.1
  /// Processors that others have, from which on they are competitors.
  static let notableOthers = 0.25
  /// Laps: 3 s and 10 minutes.
  static let leastPatience = 15, mostPatience = 3_000
  /// Three levels of niceness double what a thread gets beside others, nearly; five make it threefold.
  static let step = 5

  init(usual: Int, urgent: Int, mayIdle: Bool = false) {
    self.mayIdle = mayIdle
    self.usual = usual
    self.urgent = min(urgent, usual)
    niceness = usual
    patience = mayIdle ? 1 : Self.leastPatience
  }

  private var lowest: Int { mayIdle ? ThreadRank.idle : usual }

  /// Whether looking on makes no difference until the trainer waits again. Never with SCHED_IDLE, in which a lane may
  /// be held up by others so long that it does not come to tell that.
  var isAtRest: Bool { !mayIdle && niceness == lowest && wantingCount == 0 }

  /// Takes note of a lap. Returns what has changed, and why.
  mutating func observe(_ lap: RankLap) -> TuningNote? {
    sinceLowered = sinceLowered.map { $0 + 1 }
    let isDelayed = (lap.delayedThreads ?? 0) >= Self.notableDelay
    let isWaitedFor = lap.waitShare > Self.tolerableWait
    let areOthers = (lap.otherProcessors ?? 0) >= Self.notableOthers
    let mayNotIdle = isDelayed && (isWaitedFor || areOthers)
    if niceness == ThreadRank.idle { return mayNotIdle ? raise(lap) : nil }
    let isCompeting = isDelayed && isWaitedFor && areOthers
    let isContent = niceness == usual && mayIdle ? !mayNotIdle : !isCompeting
    wantingCount = isCompeting ? wantingCount + 1 : 0
    contentCount = isContent ? contentCount + 1 : 0
    if wantingCount >= 2, niceness > urgent { return raise(lap) }
    if contentCount >= patience, niceness < lowest { return lower(lap) }
    return nil
  }

  private mutating func raise(_ lap: RankLap) -> TuningNote {
    if let sinceLowered, sinceLowered < 2 * patience { patience = min(2 * patience, Self.mostPatience) }
    patience = max(patience, Self.leastPatience)
    sinceLowered = nil
    return change(
      to: niceness == ThreadRank.idle ? usual : max(urgent, niceness - Self.step),
      "the trainer waited \(HumanUnits.share(lap.waitShare)) of the time, while"
        + " \(HumanUnits.decimal(lap.delayedThreads ?? 0, places: 1)) threads of the loader waited for processors, of"
        + " which other programs had \(HumanUnits.decimal(lap.otherProcessors ?? 0, places: 1))")
  }

  private mutating func lower(_ lap: RankLap) -> TuningNote {
    sinceLowered = 0
    let seconds = HumanUnits.decimal(Double(contentCount) / 5, places: contentCount < 5 ? 1 : 0)
    return change(
      to: niceness == usual ? lowest : min(usual, niceness + Self.step),
      lap.waitShare <= Self.tolerableWait
        ? "the trainer has not waited for \(seconds) s"
        : niceness == usual
          ? "threads of the loader have had processors for \(seconds) s"
          : "no other program has wanted the processors for \(seconds) s")
  }

  private mutating func change(to next: Int, _ reason: String) -> TuningNote {
    defer {
      niceness = next
      wantingCount = 0
      contentCount = 0
    }
    return TuningNote(seconds: 0, stage: "niceness", from: niceness, to: next, reason: reason)
  }
}
