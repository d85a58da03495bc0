/// In which order a stage hands its results on.
public enum Ordering: Sendable, Hashable {
  /// In the order in which the samples came in, whatever the concurrency.
  case input
  /// In the order in which they are done: one slow sample holds up no other.
  case completion
}
