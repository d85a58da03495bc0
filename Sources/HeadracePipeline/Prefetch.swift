/// What may wait between a stage and the next.
public struct Prefetch: Sendable, Hashable {
  /// Samples, beside those that the stage before is working on; nil: chosen from the time that the stages take.
  public var items: Int?
  /// Bytes of samples whose type tells them (`ByteCountable`); one that is larger waits alone. nil: any number.
  public var bytes: Int?
}
