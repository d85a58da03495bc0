import HeadraceCore

/// Where a run's log goes, and what its lanes are doing. Calls come from many threads.
package protocol LogOutlet: AnyObject, Sendable {
  /// What a lane is doing; nil: nothing, or that is not known.
  func label(lane: Int) -> CallLabel?
  /// Takes a text, of one line or several.
  func log(_ level: LogLevel, _ text: String, _ label: CallLabel?)
}

extension LogOutlet {
  /// Of an outlet that knows no lanes.
  package func label(lane: Int) -> CallLabel? { nil }
}
