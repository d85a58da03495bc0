import Headrace

/// The figures of one mode at one size.
struct TransportResult {
  let mode: TransportMode
  let byteCount: Int
  let slots: Int
  let gigabytesPerSecond: Double
  /// Median over the rounds of this mode's rate by memcpy's in the same round: drift cancels out.
  let ratioToMemcpy: Double
  /// Nil where nothing is received.
  let consumerCPUMicroseconds: Double?
  /// What going to sleep and waking up costs on top, per batch; nil where it cannot be told apart.
  let sleepCPUMicroseconds: Double?
  let wakeMicroseconds: Quantiles

  static let columns = [
    "mode", "payload", "GB/s", "of memcpy", "consumer CPU/batch", "asleep", "wake p50", "wake p99", "verdict",
  ]

  var line: JSONLine {
    var line = JSONLine()
    line.add("bench", "transport")
    line.add("mode", mode.rawValue)
    line.add("bytes", byteCount)
    line.add("gigabytes_per_second", gigabytesPerSecond, places: 4)
    line.add("ratio_to_memcpy", ratioToMemcpy, places: 4)
    line.add("consumer_cpu_us_per_batch", consumerCPUMicroseconds, places: 3)
    line.add("consumer_sleep_cpu_us_per_batch", sleepCPUMicroseconds, places: 3)
    line.add("wake_us_p50", wakeMicroseconds[0.5], places: 2)
    line.add("wake_us_p99", wakeMicroseconds[0.99], places: 2)
    line.add("slots", slots)
    return line
  }

  var row: [String] {
    func microseconds(_ value: Double?) -> String { value.map { HumanUnits.seconds($0 / 1e6) } ?? "-" }
    return [
      mode.rawValue, Self.sizeText(byteCount), HumanUnits.decimal(gigabytesPerSecond, places: 3),
      HumanUnits.decimal(ratioToMemcpy, places: 2), microseconds(consumerCPUMicroseconds),
      microseconds(sleepCPUMicroseconds), microseconds(wakeMicroseconds[0.5]), microseconds(wakeMicroseconds[0.99]),
      verdict,
    ]
  }

  /// Whether the bars that apply to this row are met; see docs/bench.md.
  private var verdict: String {
    guard mode.usesRing else { return "-" }
    var missed: [String] = []
    if mode == .copyIn && byteCount == Self.ratioByteCount && ratioToMemcpy < Self.leastRatio { missed.append("ratio") }
    if consumerCPUMicroseconds ?? 0 > Self.mostCPUMicroseconds { missed.append("CPU") }
    if wakeMicroseconds[0.5] ?? 0 > Self.mostWakeMicroseconds { missed.append("wake") }
    return missed.isEmpty ? "met" : "MISSED: \(missed.joined(separator: ", "))"
  }

  static let ratioByteCount = 32 << 20
  private static let leastRatio = 0.8
  private static let mostCPUMicroseconds = 5.0
  private static let mostWakeMicroseconds = 50.0

  static func bars(_ results: [TransportResult]) -> [Bar] {
    let ring = results.filter { $0.mode.usesRing }
    let ratio = results.first { $0.mode == .copyIn && $0.byteCount == ratioByteCount }?.ratioToMemcpy ?? 0
    let cpu = ring.compactMap(\.consumerCPUMicroseconds).max() ?? 0
    let wake = ring.compactMap { $0.wakeMicroseconds[0.5] }.max() ?? 0
    return [
      Bar(
        claim: "copied in at 32 MiB, at least \(leastRatio) of memcpy", value: HumanUnits.decimal(ratio, places: 2),
        isMet: ratio >= leastRatio),
      Bar(
        claim: "consumer CPU per batch, at most 5 us at any size", value: HumanUnits.seconds(cpu / 1e6),
        isMet: cpu <= mostCPUMicroseconds),
      Bar(
        claim: "wake-up p50, at most 50 us", value: HumanUnits.seconds(wake / 1e6),
        isMet: wake <= mostWakeMicroseconds),
    ]
  }

  /// A power of two in its own units: `64 KiB`.
  private static func sizeText(_ byteCount: Int) -> String {
    if byteCount >= 1 << 20 { return "\(byteCount >> 20) MiB" }
    if byteCount >= 1 << 10 { return "\(byteCount >> 10) KiB" }
    return "\(byteCount) B"
  }
}
