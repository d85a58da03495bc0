/// What a slot carries, in the order in which the producer said it.
enum SlotMessage: UInt32, Sendable {
  /// A batch of samples.
  case batch = 1
  /// No further batch of this epoch follows.
  case endOfEpoch = 2
  /// The epoch ended with an error, which the payload holds.
  case failure = 3
}
