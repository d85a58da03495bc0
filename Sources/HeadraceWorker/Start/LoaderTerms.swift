import HeadraceCore
import HeadraceSystem

/// How a loader is to be run that another process starts, checked.
struct LoaderTerms: Codable, Hashable, Sendable {
  var size: LoaderSize
  var epochs: Int?
  var isolation: Isolation
  var restarts: Int
  /// How long nothing may change while a reader waits, in nanoseconds; nil: for ever.
  var hangLimit: UInt64?
  /// Who reads beside the process that asks; their socket comes along.
  var readers: Readers?
  /// What its supervisor does with what it says.
  var log: LogTarget
  /// Where relative paths begin.
  var directory: String

  /// - Throws: `invalidArgument`, also for a path of readers that is taken; `notFound` where the working directory is
  ///   gone.
  init(
    threads: Int?, workers: Int?, epochs: Int?, isolation: Isolation, restarts: Int,
    hangLimit: Duration?, readers: Readers?, log: LogTarget
  ) throws(HeadraceError) {
    try Self.check(restarts: restarts)
    try readers?.check(.subprocess)
    var isolation = try isolation.resolved()
    // Whoever starts it may run elsewhere than this process by now.
    if isolation.processors == .all { isolation.processors = .only(Set(ProcessorAffinity.allowed)) }
    size = try LoaderSize(workers: workers, threads: threads, isolation, epochs: epochs)
    guard let directory = FileSystem.currentDirectory else {
      throw HeadraceError(
        .notFound, "The working directory is gone, so a worker cannot start there; change to another one.")
    }
    self.directory = directory
    self.epochs = epochs
    self.isolation = isolation
    self.restarts = restarts
    self.readers = readers
    self.log = log
    self.hangLimit = try Self.nanoseconds(hangLimit: hangLimit)
  }

  static func check(restarts: Int) throws(HeadraceError) {
    guard (0...1_000).contains(restarts) else {
      throw HeadraceError(.invalidArgument, "restarts: \(restarts) is not possible; it must be 0 to 1000.")
    }
  }

  static func nanoseconds(hangLimit: Duration?) throws(HeadraceError) -> UInt64? {
    guard let hangLimit else { return nil }
    guard hangLimit >= .milliseconds(10), let nanoseconds = MonotonicClock.nanoseconds(in: hangLimit),
      nanoseconds < 1 << 62
    else {
      throw HeadraceError(
        .invalidArgument, "hangLimit: \(hangLimit) is not possible; it must be 10 ms or more, or nil for none.")
    }
    return nanoseconds
  }
}
