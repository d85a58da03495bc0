import Headrace
import HeadraceSystem

/// Shows on a terminal how a run is going, in one line that is redrawn. Silent where no person looks.
///
///     epoch 2/3 [########........] 1,234 samples  771/s  waiting 12 %
///
/// The cursor rests below the line. So whatever ends the program, a signal that nobody can catch included, leaves a
/// whole line and the prompt beneath it, and no handler is needed.
struct ProgressMeter {
  private let epochs: Int
  private let samplesPerEpoch: Int?
  private let start = MonotonicClock.now
  private var lastDrawn: UInt64 = 0
  private var hasDrawn = false

  /// More often than this no eye can follow.
  private static let interval: UInt64 = 100_000_000
  /// To the beginning of the line above.
  private static let lineAbove = "\r\u{1B}[A"
  private static let mostBarColumns = 24
  private static let leastBarColumns = 4

  /// - Parameter epochs: of how many; 0: not known.
  init(epochs: Int, samplesPerEpoch: Int?) {
    self.epochs = epochs
    self.samplesPerEpoch = samplesPerEpoch
  }

  mutating func update(epoch: Int, samples: Int, waitSeconds: Double) {
    let now = MonotonicClock.now
    guard now - lastDrawn >= Self.interval, let columns = Terminal.columnCount(of: .error) else { return }
    lastDrawn = now
    let line = Self.line(
      epoch: epoch, epochs: epochs, samples: samples, samplesPerEpoch: samplesPerEpoch,
      seconds: Double(now - start) / 1e9, waitSeconds: waitSeconds, columns: columns)
    StandardStream.error.show("\(hasDrawn ? Self.lineAbove : "")\(line)\u{1B}[K\n")
    hasDrawn = true
  }

  /// Takes the line off the screen.
  mutating func close() {
    if hasDrawn { StandardStream.error.show("\(Self.lineAbove)\u{1B}[K") }
    hasDrawn = false
  }

  /// At most `columns - 1` characters, since a full line would wrap: the bar gives way first, then whole figures from
  /// the right, because a figure that is cut is another one.
  static func line(
    epoch: Int, epochs: Int, samples: Int, samplesPerEpoch: Int?, seconds: Double, waitSeconds: Double, columns: Int
  ) -> String {
    let rate = HumanUnits.decimal(seconds > 0 ? Double(samples) / seconds : 0, places: 0)
    let waiting = HumanUnits.share(seconds > 0 ? min(1, waitSeconds / seconds) : 0)
    var parts = [
      "epoch \(HumanUnits.count(epoch + 1))\(epochs > 0 ? "/\(HumanUnits.count(epochs))" : "")",
      " \(HumanUnits.count(samples, "sample"))",
      "  \(rate)/s", "  waiting \(waiting)",
    ]
    let room = min(mostBarColumns, columns - 1 - parts.joined().count - " []".count)
    if let samplesPerEpoch, samplesPerEpoch > 0, room >= leastBarColumns {
      let done = Double(samples - epoch * samplesPerEpoch) / Double(samplesPerEpoch)
      let filled = Int((min(max(done, 0), 1) * Double(room)).rounded())
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled)
      parts.insert(" [\(bar)]", at: 1)
    }
    while parts.joined().count >= columns, !parts.isEmpty { parts.removeLast() }
    return parts.joined()
  }
}
