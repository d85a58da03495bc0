/// Nanoseconds that a stage spent working; waiting for room or for a lane; and waiting for input.
struct StageTimes: Sendable, Hashable {
  var busy: UInt64 = 0
  var blocked: UInt64 = 0
  var starved: UInt64 = 0

  var total: UInt64 { busy + blocked + starved }

  static func + (left: StageTimes, right: StageTimes) -> StageTimes {
    StageTimes(
      busy: left.busy + right.busy, blocked: left.blocked + right.blocked, starved: left.starved + right.starved)
  }
}
