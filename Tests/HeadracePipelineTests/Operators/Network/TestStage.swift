@testable import HeadracePipeline

/// A stage of a test's pipeline.
indirect enum TestStage: Hashable, Sendable {
  case operation(PathBehaviour)
  /// Works on so many samples at once, and hands them on as they get done.
  case pool(Int)
  /// Adds to each value the next of 1000, 1001, ..., of which there are so many.
  case zipped(Int)
  /// Hands on -1, -2, ... as well, so many of them.
  case merged(Int)
  /// Hands on -1, -2, ... as well, in turn with what comes.
  case interleaved(Int)
  case route(TestRoute)

  static func route(_ ordering: Ordering, divisor: Int = 1, _ paths: [TestStage]...) -> TestStage {
    .route(TestRoute(ordering: ordering, divisor: divisor, paths: paths))
  }

  static var map: TestStage { .operation(.map) }
  static func drop(_ divisor: Int) -> TestStage { .operation(.drop(divisor)) }
  static func fail(_ divisor: Int) -> TestStage { .operation(.fail(divisor)) }
  static func multiply(_ times: Int) -> TestStage { .operation(.multiply(times)) }
  static func spread(_ count: Int) -> TestStage { .operation(.spread(count)) }
  static func gather(_ size: Int) -> TestStage { .operation(.gather(size)) }
  static func gatherInTime(_ size: Int) -> TestStage { .operation(.gatherInTime(size)) }
  static func reorder(_ size: Int) -> TestStage { .operation(.reorder(size)) }
  static func take(_ count: Int) -> TestStage { .operation(.take(count)) }
}

/// A route of a test's pipeline.
struct TestRoute: Hashable, Sendable {
  var ordering: Ordering
  /// Samples take a path by their first number, divided by this.
  var divisor = 1
  var paths: [[TestStage]]

  func choose(_ numbers: [Int]) -> Int { abs(numbers[0]) / divisor % paths.count }
}
