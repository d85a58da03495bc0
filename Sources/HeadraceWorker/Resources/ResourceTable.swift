import HeadraceCore

/// Samples of resources for people, one in a line.
///
///     time     CPU     RSS     PSS  private   read/s  write/s    rx/s   tx/s
///     0.0 s      -  152 MB  101 MB  50.3 MB        -        -       -      -
///     1.0 s  187 %  297 MB       -        -  12.0 MB      0 B  1.2 kB  100 B
///
/// A dash is what was not read, or cannot be known. Private bytes are those that no other process has mapped; what
/// passes the network is that of the whole machine. As long as fewer than a hundred processors are busy, the table fits
/// into 80 columns.
public struct ResourceTable: Sendable, CustomStringConvertible {
  private let samples: [ResourceSample]

  /// A table of these samples, in their order.
  public init(_ samples: [ResourceSample]) {
    self.samples = samples
  }

  /// The table with its heading; the last line has no line feed.
  public var description: String {
    let heading = ["time", "CPU", "RSS", "PSS", "private", "read/s", "write/s", "rx/s", "tx/s"]
    return TextTable([heading] + samples.map(Self.row)).description
  }

  private static func row(_ sample: ResourceSample) -> [String] {
    let seconds = HumanUnits.decimal(sample.seconds, places: sample.seconds < 999.95 ? 1 : 0)
    let rates = [
      sample.diskReadBytesPerSecond, sample.diskWrittenBytesPerSecond, sample.networkReceivedBytesPerSecond,
      sample.networkSentBytesPerSecond,
    ]
    let sizes = [sample.residentByteCount, sample.pssByteCount, sample.privateByteCount]
    return ["\(seconds) s", sample.cpuPercent.map { HumanUnits.share($0 / 100) } ?? "-"]
      + (sizes + rates.map { $0.map { Int($0.rounded()) } }).map { $0.map(HumanUnits.bytes) ?? "-" }
  }
}
