/// How much a line of a log matters: the levels of swift-log, so that each has a counterpart there.
public enum LogLevel: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// Each step, for whoever looks for a mistake.
  case trace
  /// What helps to find one.
  case debug
  /// What is usual.
  case info
  /// What is usual, and worth to be seen.
  case notice
  /// What may become an error.
  case warning
  /// Something has failed.
  case error
  /// Nothing can go on.
  case critical

  /// In the order in which they are declared: `trace` is the least.
  public static func < (left: LogLevel, right: LogLevel) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
