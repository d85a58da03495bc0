/// Nanoseconds that a stage spent working; waiting for room or for a lane; and waiting for input.
struct StageTimes: Sendable, Hashable {
  var busy: UInt64 = 0
  var blocked: UInt64 = 0
  var starved: UInt64 = 0
  /// Summed over its lanes, or where there are more of them over its operations that wait: divided by a time, this is
  /// how many samples were worked on at once.
  var atWork: UInt64 = 0
  /// What its hands waited for room in the queue behind it.
  var putWait = HandWait()
  /// What its hands waited for something in the queue before it.
  var getWait = HandWait()

  var total: UInt64 { busy + blocked + starved }

  static func + (left: StageTimes, right: StageTimes) -> StageTimes {
    var sum = left
    sum.busy += right.busy
    sum.blocked += right.blocked
    sum.starved += right.starved
    sum.atWork += right.atWork
    sum.putWait = left.putWait + right.putWait
    sum.getWait = left.getWait + right.getWait
    return sum
  }

  /// What came on top of an earlier look.
  func since(_ earlier: StageTimes) -> StageTimes {
    StageTimes(
      busy: busy.beyond(earlier.busy), blocked: blocked.beyond(earlier.blocked),
      starved: starved.beyond(earlier.starved), atWork: atWork.beyond(earlier.atWork),
      putWait: putWait.since(earlier.putWait), getWait: getWait.since(earlier.getWait))
  }
}
