import Synchronization

/// What a stage keeps from one epoch to the next.
final class StageMemory: Sendable {
  private let stored = Mutex<(any Sendable)?>(nil)

  /// What is kept, made the first time.
  func value<Value: Sendable>(_ make: () -> Value) -> Value {
    stored.withLock { stored in
      if let value = stored as? Value { return value }
      let value = make()
      stored = value
      return value
    }
  }
}
