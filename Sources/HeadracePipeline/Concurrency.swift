/// How many samples a stage works on at once. It is not a number of threads: all stages share those.
///
/// An integer literal will do: `concurrency: 4`. A variable is written `.fixed(count)`.
public struct Concurrency: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// At the start, and for ever where it is fixed.
  public var initial: Int
  /// The most that it may become.
  public var maximum: Int
  /// Whether the engine chooses, between 1 and `maximum`.
  public var isAutomatic: Bool

  /// So many at any time.
  public static func fixed(_ count: Int) -> Concurrency {
    Concurrency(initial: count, maximum: count, isAutomatic: false)
  }

  /// As few as the consumer does not have to wait for: the engine watches and decides, see `Autotuner`.
  public static let automatic = automatic(upTo: 64)

  /// As few as the consumer does not have to wait for, and at most `maximum`.
  public static func automatic(upTo maximum: Int) -> Concurrency {
    Concurrency(initial: 1, maximum: maximum, isAutomatic: true)
  }

  /// So many at any time.
  public init(integerLiteral count: Int) { self = .fixed(count) }

  private init(initial: Int, maximum: Int, isAutomatic: Bool) {
    self.initial = initial
    self.maximum = maximum
    self.isAutomatic = isAutomatic
  }
}
