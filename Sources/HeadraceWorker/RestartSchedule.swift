/// Decides after each death of a worker whether there is another: a pure value, tested without a process.
struct RestartSchedule {
  enum Decision: Hashable {
    /// Start another after so many nanoseconds.
    case restart(after: UInt64)
    case giveUp
  }

  /// Workers that may be started in a row none of which has published anything.
  let limit: Int
  private var publishedCount: UInt64 = 0
  private var fruitlessCount = 0

  /// The pause before the second of them; each further one is twice as long. Before the first there is none.
  private static let firstPause: UInt64 = 20_000_000
  static let longestPause: UInt64 = 1_000_000_000

  init(limit: Int) {
    self.limit = limit
  }

  /// For a process that the system refuses to fork, over and over: about half a minute, in which others may have ended.
  static var refusedForks: RestartSchedule { RestartSchedule(limit: 36) }

  /// A worker has died.
  ///
  /// - Parameter publishedCount: messages that are out since the ring was made.
  mutating func died(publishedCount: UInt64) -> Decision {
    if publishedCount > self.publishedCount { fruitlessCount = 0 }
    self.publishedCount = publishedCount
    guard fruitlessCount < limit else { return .giveUp }
    defer { fruitlessCount += 1 }
    guard fruitlessCount > 0 else { return .restart(after: 0) }
    return .restart(after: min(Self.firstPause << UInt64(min(fruitlessCount - 1, 10)), Self.longestPause))
  }
}
