import Synchronization

/// A stage's faults as they happen: counts how often a flaky sample was tried.
final class FaultInjector: Sendable {
  private let rule: FaultRule
  private let calls: Mutex<[Int: Int]> = Mutex([:])

  init(_ rule: FaultRule) {
    self.rule = rule
  }

  /// Throws if the sample fails this time.
  func check(_ digest: Int) throws {
    if rule.fails(digest) { throw rule.error }
    guard rule.isFlaky(digest) else { return }
    let earlier = calls.withLock { calls in
      defer { calls[digest, default: 0] += 1 }
      return calls[digest, default: 0]
    }
    if earlier < rule.flakyCalls { throw rule.error }
  }
}
