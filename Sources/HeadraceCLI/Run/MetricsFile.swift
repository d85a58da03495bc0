import Headrace
import HeadraceSystem

/// Statistics for a monitor, in a file that is replaced in one step: whoever reads it sees all of one text, never a
/// part.
///
/// That is what node_exporter's textfile collector asks for. While the text is written it is in a file beside it, with
/// `.tmp` behind the name, which the collector does not look at.
struct MetricsFile {
  private let path: String
  private var lastWritten: UInt64 = 0

  /// More often than this no monitor looks.
  private static let interval: UInt64 = 1_000_000_000

  /// A file without samples yet, so that a path that cannot be written to is found before anything is loaded.
  init(_ path: String) throws(FileError) {
    self.path = path
    try write([], waitSeconds: 0)
  }

  /// Writes unless that was done within the last second.
  mutating func updateIfDue(_ batches: borrowing Batches) throws(FileError) {
    guard MonotonicClock.now - lastWritten >= Self.interval else { return }
    try update(batches)
  }

  mutating func update(_ batches: borrowing Batches) throws(FileError) {
    lastWritten = MonotonicClock.now
    try write(batches.statistics(), waitSeconds: batches.waitSeconds)
  }

  private func write(_ stages: [StageStatistics], waitSeconds: Double) throws(FileError) {
    let draft = path + ".tmp"
    // One that a killed run has left behind.
    FileSystem.remove(draft)
    do {
      try File(creating: draft).write(Array(PrometheusText(stages, waitSeconds: waitSeconds).description.utf8).span)
      try FileSystem.rename(draft, to: path)
    } catch {
      FileSystem.remove(draft)
      throw FileError(action: "Writing", path: path, reason: error.reason)
    }
  }
}
