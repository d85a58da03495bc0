/// How many calls of closures a loader with a limit on its memory may make at one time: a pure value, tested without a
/// process.
///
/// An excess within a minute of the last halves them. An excess after a quiet minute is taken for a leak, and changes
/// nothing. After a while without excess, a minute at first, they are doubled; where that was too early, the next time
/// after twice as long.
struct CallAllowance {
  /// How many there are without want of memory.
  let most: Int
  private(set) var count: Int
  /// Since when there has been no want of memory at this count.
  private var quietSince: UInt64
  private var patience = Self.minute
  private var hasRisen = false

  private static let minute: UInt64 = 60_000_000_000
  private static let longestPatience: UInt64 = 3_600_000_000_000

  init(_ count: Int, at now: UInt64) {
    most = count
    self.count = count
    quietSince = now
  }

  /// There is more memory in use than there may be. Returns whether there are fewer calls from then on.
  mutating func exceeded(at now: UInt64) -> Bool {
    let before = count
    if now - quietSince < Self.minute {
      if hasRisen { patience = min(2 * patience, Self.longestPatience) }
      count = max(1, count / 2)
    }
    quietSince = now
    hasRisen = false
    return count < before
  }

  /// There is not. Returns whether there are more calls from then on.
  mutating func sufficed(at now: UInt64) -> Bool {
    guard count < most, now - quietSince >= patience else { return false }
    count = min(most, 2 * count)
    quietSince = now
    hasRisen = true
    return true
  }
}
