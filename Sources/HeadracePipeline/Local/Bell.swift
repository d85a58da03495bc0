import Dispatch
import Synchronization

/// Wakes one thread that waits for something to change. Ringing while nobody waits costs an addition.
final class Bell: Sendable {
  private let rings = Atomic<Int>(0)
  private let isWaiting = Atomic<Bool>(false)
  private let semaphore = DispatchSemaphore(value: 0)

  /// How often it has rung.
  var number: Int { rings.load(ordering: .sequentiallyConsistent) }

  func ring() {
    // SYNC(bell): the count changes before the look at who waits; pairs with wait(after:until:).
    rings.add(1, ordering: .sequentiallyConsistent)
    if isWaiting.exchange(false, ordering: .sequentiallyConsistent) { semaphore.signal() }
  }

  /// Waits until it has rung after it had rung `number` times. Returns false if `deadline` came first.
  func wait(after number: Int, until deadline: UInt64?) -> Bool {
    while true {
      isWaiting.store(true, ordering: .sequentiallyConsistent)
      // SYNC(bell): who waits is known before the look at the count; pairs with ring().
      if rings.load(ordering: .sequentiallyConsistent) != number {
        // Whoever rang meanwhile has signalled, or will find nobody waiting.
        if !isWaiting.exchange(false, ordering: .sequentiallyConsistent) { semaphore.wait() }
        return true
      }
      guard let deadline else {
        semaphore.wait()
        continue
      }
      if semaphore.wait(timeout: DispatchTime(uptimeNanoseconds: deadline)) == .timedOut {
        if isWaiting.exchange(false, ordering: .sequentiallyConsistent) { return false }
        semaphore.wait()
        return true
      }
    }
  }
}
