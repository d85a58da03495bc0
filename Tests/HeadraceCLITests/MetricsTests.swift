import Foundation
import Testing

@testable import HeadraceCLI

/// What `headrace run --metrics` leaves for a monitor.
@Suite struct MetricsTests {
  let folder: TemporaryFolder
  static let dataset = Dataset(count: 23)

  init() throws { folder = try TemporaryFolder() }

  private func lines(_ name: String) throws -> [Substring] {
    String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n")
  }

  @Test func fileHasTheCountsOfTheWholeRun() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    try folder.write("out/run.prom", Array("of an earlier run".utf8))
    // Left behind by a run that was killed while it wrote.
    try folder.write("out/run.prom.tmp", Array("a part".utf8))
    let report = try Executable.report(["--source", source, "--epochs", "2", "--metrics", folder("out/run.prom")])
    #expect(report.samples == 46)
    let lines = try lines("out/run.prom")
    for stage in ["source", "decode"] {
      #expect(lines.contains("headrace_stage_tasks_total{stage=\"\(stage)\"} 46"), "\(lines)")
      #expect(lines.contains("headrace_stage_failures_total{stage=\"\(stage)\"} 0"))
    }
    #expect(lines.contains { $0.hasPrefix("headrace_trainer_wait_seconds_total ") })
    // The collector reads all of a folder; a part that stays behind would be an error in each of its rounds.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("out")) == ["run.prom"])
  }

  @Test func runThatFailsTellsWhatItDidBefore() throws {
    let png = try TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png()
    try Dataset.writeShard(
      folder("a.tar"), [("0", [("png", png), ("cls", [0x31])]), ("1", [("png", [1]), ("cls", [0x31])])])
    let outcome = try Executable.run(["run", "--source", folder("a.tar"), "--metrics", folder("m.prom")])
    #expect(outcome.status == .exited(1))
    #expect(try lines("m.prom").contains("headrace_stage_failures_total{stage=\"decode\"} 1"))
  }

  @Test func fileThatCannotBeWrittenIsAnErrorBeforeAnythingIsLoaded() throws {
    let missing = folder("none/m.prom")
    let outcome = try Executable.run(["run", "--source", folder("none.tar"), "--metrics", missing])
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.errorLine
        == "Writing \(missing) failed: No such file or directory (errno 2); check the path, which is taken"
        + " from the working directory if it does not start with /.")
    let path = try folder.folder("m.prom")
    let refusal = try Executable.run(["run", "--source", folder("none.tar"), "--metrics", path])
    #expect(refusal.errorLine?.hasPrefix("Writing \(path) failed: Is a directory (errno 21); ") == true, "\(refusal)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.prom"])
  }
}
