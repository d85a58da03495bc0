/// How a stage is run, beside what it does: all that most stages leave as it is.
public struct StageOptions: Sendable, Hashable, Codable {
  /// Threads of a stage's own.
  public struct Pool: Sendable, Hashable, Codable {
    /// How many, at most 64.
    public var threads: Int
    /// What is added to their niceness, 0 to 19: 19 works only on what the others leave of the processors.
    public var niceness: Int

    /// Threads that work for one stage alone: for one that waits for a device, and must not take the others' threads.
    public init(threads: Int, niceness: Int = 0) {
      self.threads = threads
      self.niceness = niceness
    }
  }

  /// How long one sample may take; then it has failed, with `timedOut`, and the stage goes on without it. The call
  /// itself cannot be ended from outside: its thread is replaced until it returns. nil: as long as it likes.
  ///
  /// A call that is made again after a failure has as long as the first.
  ///
  /// Looked at every 10 ms. Samples of a stage with a timeout are worked on one at a time, never in chunks.
  public var timeout: Duration?
  /// Threads of its own; nil: those that all stages share.
  public var pool: Pool?
  /// Stages with a higher priority go first; among equals the later stage does, so that memory drains.
  public var priority: Int

  /// The usual: no timeout, the shared threads, and the place in the pipeline decides who goes first.
  public init(timeout: Duration? = nil, pool: Pool? = nil, priority: Int = 0) {
    self.timeout = timeout
    self.pool = pool
    self.priority = priority
  }

  /// No timeout, the shared threads, priority 0.
  public static let standard = StageOptions()

  /// A sample that takes longer than `duration` has failed; the rest as `.standard`.
  public static func timeout(_ duration: Duration) -> StageOptions { StageOptions(timeout: duration) }
}
