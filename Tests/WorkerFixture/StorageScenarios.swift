import Glibc
import Headrace

/// Writers of files, to be killed in the act.
enum StorageScenarios {
  /// Builds the cache at a path again and again: `store-cache PATH`.
  static func cache(_ scenario: Scenario) throws {
    let path = scenario.text(0)
    for round in 0... {
      var writer = try DiskCacheWriter(path: path, fingerprint: "fixture")
      for position in 0..<40 {
        writer.append(position: position, sample: SampleID(key: "\(position)"), bytes(position, 50_000 + round % 7))
      }
      try writer.finish()
      emit("round", round)
    }
  }

  /// Keeps one sample after the other: `store-quarantine PATH`.
  static func quarantine(_ scenario: Scenario) throws {
    let writer = QuarantineWriter(path: scenario.text(0), entryLimit: .max)
    for position in 0... {
      let error = HeadraceError(.stageFailed, "no \(position)", stage: "fixture", sample: SampleID(key: "\(position)"))
      let sample = Record(
        sampleID: SampleID(key: "\(position)"),
        fields: [("bin", bytes(position, 50_000)), ("txt", Array("\(position)".utf8))])
      if let problem = writer.keep(SampleFailure(epoch: 0, position: position, error: error), sample) { throw problem }
      if position % 10 == 0 { emit("kept", position) }
    }
  }

  /// Bytes that tell which sample's they are.
  static func bytes(_ position: Int, _ count: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: position), count: count)
  }
}
