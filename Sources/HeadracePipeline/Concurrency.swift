/// How many samples a stage works on at once. It is not a number of threads: all stages share those.
///
/// An integer literal will do: `concurrency: 4`. A variable is written `.fixed(count)`.
public struct Concurrency: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// How many, 1 or more.
  public var count: Int

  /// So many at any time.
  public static func fixed(_ count: Int) -> Concurrency {
    Concurrency(count)
  }

  /// So many at any time.
  public init(integerLiteral count: Int) { self = .fixed(count) }

  private init(_ count: Int) { self.count = count }
}
