import HeadraceCore
import HeadraceSystem

/// Writes a log to this process's standard error, as text.
final class StandardErrorLog: LogOutlet {
  /// It knows no lanes.
  func label(lane: Int) -> CallLabel? { nil }

  func log(_ level: LogLevel, _ text: String, _ label: CallLabel?) {
    let lines = LogFrame.frames(level, stage: label?.stage, sample: label?.sample, text: text)
    StandardStream.error.show(lines.map { "\($0)\n" }.joined())
  }
}
