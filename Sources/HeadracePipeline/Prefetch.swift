/// What may wait between a stage and the next.
struct Prefetch: Sendable, Hashable {
  /// Samples, beside those that the stage before is working on; nil: chosen from the time that the stages take.
  var items: Int?
  /// Bytes of samples whose type tells them (`ByteCountable`), beside those that the stage before is working on. nil:
  /// any number.
  var bytes: Int?
}
