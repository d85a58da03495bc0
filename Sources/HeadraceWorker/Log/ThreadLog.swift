import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem
import Synchronization

/// The log of a worker that is threads of this process.
final class ThreadLog: LogOutlet {
  private let ring: Ring
  private let target: LogTarget
  private let begun = MonotonicClock.now
  /// One writer at a time.
  private let turn = Mutex(())

  init(_ ring: Ring, _ target: LogTarget) {
    self.ring = ring
    self.target = target
  }

  func log(_ level: LogLevel, _ text: String, _ label: CallLabel?) {
    let frames = LogFrame.frames(level, stage: label?.stage, sample: label?.sample, text: text)
    let lines = frames.map { frame in
      LogLine(
        level: frame.level, role: "thread", processID: Int(ProcessIdentity.current.processID), stage: frame.stage,
        sample: frame.sample, seconds: Double(MonotonicClock.now - begun) / 1e9, text: frame.text)
    }
    switch target {
    case .inherited: return StandardStream.error.show(frames.map { "\(PrintableText.line("\($0)"))\n" }.joined())
    case .standardError: StandardStream.error.show(lines.map { "\(PrintableText.line("\($0)"))\n" }.joined())
    case .ring: break
    }
    turn.withLock { _ in
      for line in lines { ring.note(line) }
    }
  }
}
