import Headrace
import HeadraceSystem

/// Shows on a terminal how a run is going, in one line that is redrawn. Silent where no person looks.
///
///     epoch 2/3 [########........] 1,234 samples  771/s  waiting 12 %
struct ProgressMeter {
  private let epochs: Int
  private let samplesPerEpoch: Int?
  private let isShown = StandardStream.error.isTerminal
  private let start = MonotonicClock.now
  private var lastDrawn: UInt64 = 0
  private var hasDrawn = false

  /// More often than this no eye can follow.
  private static let interval: UInt64 = 100_000_000
  private static let barWidth = 24

  init(epochs: Int, samplesPerEpoch: Int?) {
    self.epochs = epochs
    self.samplesPerEpoch = samplesPerEpoch
  }

  mutating func update(epoch: Int, samples: Int, waitSeconds: Double) {
    guard isShown else { return }
    let now = MonotonicClock.now
    guard now - lastDrawn >= Self.interval else { return }
    lastDrawn = now
    hasDrawn = true
    let line = Self.line(
      epoch: epoch, epochs: epochs, samples: samples, samplesPerEpoch: samplesPerEpoch,
      seconds: Double(now - start) / 1e9, waitSeconds: waitSeconds)
    StandardStream.error.show("\r\(line)\u{1B}[K")
  }

  /// Takes the line off the screen.
  mutating func close() {
    if hasDrawn { StandardStream.error.show("\r\u{1B}[K") }
    hasDrawn = false
  }

  static func line(
    epoch: Int, epochs: Int, samples: Int, samplesPerEpoch: Int?, seconds: Double, waitSeconds: Double
  ) -> String {
    var line = "epoch \(epoch + 1)/\(epochs)"
    if let samplesPerEpoch, samplesPerEpoch > 0 {
      let done = Double(samples - epoch * samplesPerEpoch) / Double(samplesPerEpoch)
      let filled = Int((min(max(done, 0), 1) * Double(barWidth)).rounded())
      line += " [\(String(repeating: "#", count: filled))\(String(repeating: ".", count: barWidth - filled))]"
    }
    let rate = seconds > 0 ? Double(samples) / seconds : 0
    line += " \(samples) samples  \(HumanUnits.decimal(rate, places: 0))/s"
    line += "  waiting \(HumanUnits.share(seconds > 0 ? min(1, waitSeconds / seconds) : 0))"
    return line
  }
}
