/// In which order a stage hands its results on.
public enum Ordering: String, Sendable, Hashable, Codable {
  /// In the order in which the samples came in, whatever the concurrency.
  case input
  /// In the order in which they are done: a slow sample holds up no other.
  ///
  /// That holds as long as the stage's concurrency has a thread to go on with. Samples that take less than about 25
  /// microseconds are worked on in chunks of up to 64, which are handed on as a whole; one of them that takes long
  /// after all holds up the others of its chunk for 20 ms at most.
  case completion
}
