import Headrace

/// Shows a training run: a bar that is redrawn in place on a terminal, one line per epoch elsewhere.
///
/// The cursor rests below the bar, so that a program that is stopped by Ctrl-C leaves a whole line.
struct ProgressBar {
  private let clock = ContinuousClock()
  // More often than this no eye can follow, and drawing would cost more than a step.
  private let interval = Duration.milliseconds(50)
  private var lastDrawn: ContinuousClock.Instant?
  private var hasDrawn = false

  /// After a batch.
  mutating func update(_ progress: EpochProgress) {
    let now = clock.now
    if let lastDrawn, lastDrawn.duration(to: now) < interval { return }
    lastDrawn = now
    guard let width = Terminal.width else { return }
    draw(progress, width: width)
  }

  /// After the last batch of an epoch.
  mutating func finishEpoch(_ progress: EpochProgress) {
    guard let width = Terminal.width else {
      print(Self.figures(progress))
      Terminal.flush()
      return
    }
    if progress.epoch == progress.epochs { draw(progress, width: width) }
  }

  private mutating func draw(_ progress: EpochProgress, width: Int) {
    // Up to the line that was drawn before, and behind the text clear what a longer one left.
    Terminal.show("\(hasDrawn ? "\r\u{1B}[A" : "")\(Self.line(progress, width: width))\u{1B}[K\n")
    hasDrawn = true
  }

  /// Bar and figures in at most `width - 1` columns: a full line would scroll. Where there is no room for all, the bar
  /// is left out first, then figures from the right, each as a whole.
  static func line(_ progress: EpochProgress, width: Int) -> String {
    var parts = parts(progress)
    let figures = parts.joined()
    let room = width - 1 - figures.count - 3
    guard room >= 4 else {
      while parts.joined().count >= width, !parts.isEmpty { parts.removeLast() }
      return parts.joined()
    }
    let length = min(room, 40)
    let filled = Int((progress.fraction * Double(length)).rounded())
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: length - filled)
    return "[\(bar)] \(figures)"
  }

  /// For example `epoch  3/60  loss 0.412   81,200 images/s  waiting 12 %`.
  static func figures(_ progress: EpochProgress) -> String { parts(progress).joined() }

  private static func parts(_ progress: EpochProgress) -> [String] {
    let epoch = padded("\(progress.epoch)", to: "\(progress.epochs)".count)
    let rate = padded(HumanUnits.count(progress.imagesPerSecond), to: 9)
    let share = padded("\(Int((progress.waitingShare * 100).rounded()))", to: 3)
    return [
      "epoch \(epoch)/\(progress.epochs)", "  loss \(HumanUnits.decimal(Double(progress.loss), places: 4))",
      "  \(rate) images/s", "  waiting\(share) %",
    ]
  }

  private static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
