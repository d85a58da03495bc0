import HeadraceCore
import HeadraceSystem

/// Writes a log to this process's standard error, as text.
final class StandardErrorLog: LogOutlet {
  func log(_ level: LogLevel, _ text: String, _ label: CallLabel?) {
    let lines = LogFrame.frames(level, stage: label?.stage, sample: label?.sample, text: text)
    StandardStream.error.show(lines.map { "\($0)\n" }.joined())
  }
}
