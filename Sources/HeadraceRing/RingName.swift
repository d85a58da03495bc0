import HeadraceSystem
import Synchronization

/// What the memory files of a ring are called: the same number behind each, so that whoever looks at a process knows
/// which belong together.
struct RingName {
  static let ring = "headrace-ring-"
  static let exits = "headrace-exits-"
  static let log = "headrace-log-"

  private static let count = Atomic<Int>(0)

  /// Of one ring.
  let number: String

  /// Of a new one.
  init() {
    number =
      "\(ProcessIdentity.current.processID)-\(Self.count.add(1, ordering: .relaxed).newValue)"
  }
}
