import Headrace
import HeadraceSystem

/// SPDL as the loader beside the trainer, where it is installed: `scripts/spdl-neighbour` runs the two, and says how.
struct SPDLNeighbour {
  private let python: String
  private let script: String
  /// Samples per second that it makes when nothing else runs; 0 where it is not there.
  let capacity: Double
  /// Why it is not there; empty where it is.
  let absence: String

  /// - Parameter python: the interpreter that it may be installed for.
  init(python: String) {
    self.python = python
    script = Self.findScript() ?? ""
    var capacity = 0.0
    do {
      guard !script.isEmpty else {
        absence = "scripts/spdl-neighbour is not in a folder above this program"
        self.capacity = 0
        return
      }
      let words =
        try Program.run(python, [script, "calibrate", Self.ownPath])
        .split(separator: "\n").first.map { $0.split(separator: " ", maxSplits: 1) } ?? []
      if words.count == 2, words[0] == "capacity" { capacity = Double(words[1]) ?? 0 }
      absence = capacity > 0 ? "" : "\(python) has no SPDL: \(words.last ?? "no reason is told")"
    } catch {
      absence = "\(python) cannot be run: \(error)"
    }
    self.capacity = capacity
  }

  /// Returns the lines of a trainer, and of the loader.
  func run(_ calibration: NeighbourCalibration, loadPercent: Int, steps: Int) throws -> String {
    let size = NeighbourCalibration.batchSize(loadPercent, capacity: capacity)
    return try Program.run(
      python,
      [
        script, Self.ownPath, String(calibration.rounds), String(size), loadPercent == 100 ? "all" : "batch",
        String(steps),
      ])
  }

  private static var ownPath: String { FileSystem.destination(of: "/proc/self/exe") }

  /// In the folder of the project in which this program was built.
  private static func findScript() -> String? {
    var folder = ownPath[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      let path = "\(folder)/scripts/spdl-neighbour"
      if (try? FileSystem.kind(of: path)) == .file { return path }
    }
    return nil
  }
}
