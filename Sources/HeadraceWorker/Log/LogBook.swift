import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Where the lines of a loader's log end up: in the ring, for its consumer and for whoever looks, and on standard error
/// where that is asked for. Within the supervisor.
final class LogBook {
  private let target: LogTarget
  private let begun = MonotonicClock.now
  private var ring: Ring?
  /// Lines that were said before there was a ring, the newest.
  private var early: [LogLine] = []
  private var stream = PatientStream()

  private static let earlyLineCount = 512

  init(_ target: LogTarget) { self.target = target }

  /// Whether it is for processes to write elsewhere than to the standard error of this one.
  var isRead: Bool { target != .inherited }

  /// There is a ring from here on.
  func open(_ ring: Ring) {
    self.ring = ring
    for line in early { ring.note(line) }
    early = []
  }

  func note(_ frame: LogFrame, role: String, processID: Int32) {
    let line = LogLine(
      level: frame.level, role: role, processID: Int(processID), stage: frame.stage, sample: frame.sample,
      seconds: Double(MonotonicClock.now - begun) / 1e9, text: frame.text)
    if let ring {
      ring.note(line)
    } else {
      if early.count == Self.earlyLineCount { early.removeFirst() }
      early.append(line)
    }
    if target == .standardError { echo(line) }
  }

  /// What it says may come from a file: it neither moves the cursor nor begins a line.
  private func echo(_ line: LogLine) { stream.write(PrintableText.line("\(line)")) }

  /// Whether lines wait for standard error to take them.
  var isBehind: Bool { stream.isBehind }

  func flush() { stream.flush() }

  /// Nothing more is said. What nobody has got goes to standard error, as far as that takes it within 0.1 s.
  func close() {
    if ring == nil, target == .ring {
      for line in early { echo(line) }
      early = []
    }
    let deadline = MonotonicClock.now + 100_000_000
    stream.flush()
    while stream.isBehind, MonotonicClock.now < deadline {
      _ = Poll.wait(-1, until: MonotonicClock.now + 5_000_000)
      stream.flush()
    }
  }
}
