/// How many samples a stage works on at once. It is not a number of threads: all stages share those.
///
/// An integer literal will do: `concurrency: 4`. A variable is written `.fixed(count)`. With `.automatic` the run finds
/// the least with which its consumer does not wait.
public struct Concurrency: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral {
  /// How many, 1 or more; of an automatic one, how many it begins with.
  public var count: Int
  /// Whether the run changes it while it is at work.
  public private(set) var isAutomatic = false
  /// The most that an automatic one may come to; nil: what is sensible for the stage.
  public private(set) var maximum: Int?

  /// Works on exactly `count` samples at once, 1 to 4,096; a plan refuses others with `invalidPipeline`.
  public static func fixed(_ count: Int) -> Concurrency {
    Concurrency(count)
  }

  /// As few as suffice, found while the run is at work and followed as its consumer becomes quicker or slower.
  ///
  /// At most as many as there are threads for the stage; of an `async` closure, 64.
  public static var automatic: Concurrency { automatic(upTo: nil) }

  /// As few as suffice, but no more than `maximum`; see `automatic`.
  ///
  /// - Parameter maximum: 1 to 4,096. Of a closure that is not `async`, more than there are threads for the stage come
  ///   to those.
  public static func automatic(upTo maximum: Int) -> Concurrency { automatic(upTo: Optional(maximum)) }

  private static func automatic(upTo maximum: Int?) -> Concurrency {
    var concurrency = Concurrency(1)
    concurrency.isAutomatic = true
    concurrency.maximum = maximum
    return concurrency
  }

  /// As `.fixed(count)`.
  public init(integerLiteral count: Int) { self = .fixed(count) }

  private init(_ count: Int) { self.count = count }
}
