/// In which order a stage hands its results on.
public enum Ordering: Sendable, Hashable {
  /// In the order in which the samples came in, whatever the concurrency.
  case input
  /// In the order in which they are done: a slow sample holds up no other, but for those of a run: while samples take less
  /// than some microseconds each, a stage takes up to 64 at a time and hands them on together.
  case completion
}
