/// How the batches of one loader are shared among its readers.
///
/// The ends of epochs, and errors that end one, come to every reader in each mode.
public enum Sharing: String, Sendable, Hashable, Codable, CaseIterable, CustomStringConvertible {
  /// Every batch comes to every reader. The slowest sets the pace.
  case broadcast
  /// Each batch comes to one reader, in turn: of N readers that stay, number r gets the batches r, r + N, r + 2N, ...
  /// of each epoch.
  case partition
  /// Each batch comes to the reader that takes it first.
  case firstCome = "first-come"

  /// The raw value.
  public var description: String { rawValue }

  /// The mode's number in the ring's header.
  package var number: UInt32 {
    switch self {
    case .broadcast: 0
    case .partition: 1
    case .firstCome: 2
    }
  }
}
