import HeadraceSystem

/// A call that a hook has been told of, and is to be told the end of.
struct HookedTask {
  private var event: TaskEvent
  private let begun: UInt64
  private let hook: @Sendable (TaskEvent) -> Void

  /// Tells that the call begins.
  init(_ event: TaskEvent, _ hook: @escaping @Sendable (TaskEvent) -> Void) {
    self.event = event
    self.hook = hook
    hook(event)
    begun = MonotonicClock.now
  }

  consuming func end(_ outcome: TaskEvent.Outcome) {
    let taken = MonotonicClock.now - begun
    event.phase = .ended(outcome, .nanoseconds(taken))
    hook(event)
  }
}
