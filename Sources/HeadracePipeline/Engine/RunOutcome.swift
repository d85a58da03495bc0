import HeadraceCore

/// How a run of one epoch ended.
package enum RunOutcome: Sendable, Hashable {
  /// All samples went through.
  case completed
  /// An error ended the epoch after the last good batch.
  case failed(HeadraceError)
  /// `stop()` was called.
  case stopped
}
