import Headrace
import Testing

@testable import HeadraceCLI

/// The JSON object of `headrace run`: its keys are those of docs/cli.md, its values make sense.
@Suite struct RunReportKeysTests {
  let folder: TemporaryFolder
  static let dataset = Dataset(count: 23)

  init() throws { folder = try TemporaryFolder() }

  private func json(_ words: [String], status: Int32) throws -> String {
    let outcome = try Executable.run(["run"] + words + ["--json"])
    #expect(outcome.status == .exited(status))
    return outcome.output
  }

  /// Each documented key is somewhere, and each key that is somewhere is documented.
  @Test func keysAreThoseOfThePage() throws {
    let png = try TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png()
    let bad: [(String, [UInt8])] = [("png", Array(png.dropLast(9))), ("cls", [0x31])]
    try Dataset.writeShard(
      folder("a.tar"),
      [("0", [("png", png), ("cls", [0x31])]), ("1", bad), ("2", [("png", png), ("cls", [0x32])]), ("3", bad)])
    // Left-out samples and files, a digest, several batches; an error of a sample.
    let words = ["--source", folder("a.tar"), "--batch", "1", "--epochs", "3", "--slots", "2"]
    var found = try KeyPaths.of(json(words + ["--max-failures", "2", "--digest"], status: 0))
    found.formUnion(try KeyPaths.of(json(words + ["--max-failures", "1"], status: 1)))
    try folder.write("images/a.png", png)
    try folder.write("images/b.gif", [1])
    found.formUnion(try KeyPaths.of(json(["--source", folder("images"), "--partial", "drop"], status: 1)))
    // Comes with the death of a worker.
    let exit = WorkerExit(
      role: "worker", processID: 1, status: "died", reason: "no reason", seconds: 1, peakResidentByteCount: 1, work: [])
    found.formUnion(try KeyPaths.of(try JSON.line(["exits": [RunExit(exit)]])))
    // A list that is empty in one of the objects.
    found.subtract(found.filter { found.contains($0 + "[]") })
    // Comes with a refusal of the operating system; `RunReportTests.failureTellsWhatTheErrorTells` shows it.
    found.insert("failures[].cause")
    let documented = try KeyPaths.documentedForRun()
    #expect(documented.count > 35)
    #expect(found.subtracting(documented).sorted() == [])
    #expect(documented.subtracting(found).sorted() == [])
  }

  @Test func keysOfAPlainRunAreAllButThoseOfErrorsAndDigests() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let documented = try KeyPaths.documentedForRun()
    let optional = documented.filter { key in
      ["failures[]", "files_left_out[]", "exits[]"].contains { key.hasPrefix($0) }
    }
    .union(["error", "image_sha256", "samples_dropped"])
    let found = try KeyPaths.of(json(["--source", source, "--batch", "5", "--slots", "2"], status: 0))
    #expect(found == documented.subtracting(optional).union(["failures", "files_left_out", "exits"]))
  }

  /// Batches that waited in slots when the first was taken say nothing about how fast they were made.
  @Test func rateOfUpToTwoRingsOfBatchesIncludesTheStart() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    for (batch, slots, isWithoutStart) in [(23, 2, false), (6, 2, false), (5, 2, true), (5, 3, false), (2, 5, true)] {
      let words = ["--source", source, "--batch", "\(batch)", "--slots", "\(slots)"]
      let report = try Executable.report(words)
      #expect(report.slots == slots)
      let whole = Double(report.samples) / report.seconds
      let rate = try #require(report.imagesPerSecond)
      #expect(isWithoutStart ? rate != whole : rate == whole, "\(report.batches) batches, \(slots) slots")
      let row = try Executable.run(["run"] + words).output.split(separator: "\n")
        .filter { $0.hasPrefix("images per second") }
      #expect(row.count == 1)
      #expect(row.first?.hasSuffix(", the start included: there were few batches") == !isWithoutStart, "\(row)")
    }
  }

  @Test func keysAreInAlphabeticalOrderOnOneLine() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let text = try json(["--source", source, "--digest"], status: 0)
    #expect(text.hasSuffix("}\n"))
    #expect(text.count(where: { $0.isNewline }) == 1)
    let innermost = /\[[^\[\]]*\]/
    let top = text.replacing(innermost, with: "").replacing(innermost, with: "").matches(of: /"([a-z0-9_]+)":/).map {
      String($0.1)
    }
    #expect(top.count > 12)
    #expect(top == top.sorted())
  }

  @Test(arguments: ["subprocess", "same-process"], ["input", "completion"])
  func valuesMakeSense(placement: String, ordering: String) throws {
    let source = try Self.dataset.write(.zstd, to: folder)
    let report = try Executable.report([
      "--source", source, "--batch", "5", "--threads", "3", "--epochs", "4", "--placement", placement, "--ordering",
      ordering,
    ])
    #expect(report.samples == 92)
    #expect(report.batches == 20)
    #expect(report.epochs == 4)
    #expect(report.threads == 3)
    #expect(report.placement == placement)
    #expect(report.failureCount == 0)
    #expect(report.failures.isEmpty)
    #expect(report.error == nil)
    #expect(report.imageSha256 == nil)
    let first = try #require(report.firstBatchSeconds)
    #expect(first > 0)
    #expect(report.seconds >= first)
    #expect(try #require(report.imagesPerSecond) > 0)
    #expect(report.consumerWaitSeconds >= 0)
    #expect(report.consumerWaitSeconds <= report.seconds)
    #expect(report.consumerCpuSeconds > 0)
    #expect(report.workerCpuSeconds > 0)
    #expect(report.workerPeakRssBytes > 1 << 20)
    let mean = try #require(report.workerCpuPercentMean)
    #expect(mean > 0)
    #expect(try #require(report.workerCpuPercentPeak) >= mean)
    #expect(try #require(report.workerPeakPssBytes) > 1 << 20)
    #expect(try #require(report.workerDiskReadBytes) >= 0)
  }

  @Test(arguments: ["subprocess", "same-process"])
  func stagesCountEverySampleAndTheirSharesSumToOne(placement: String) throws {
    let source = try Self.dataset.write(.folder, to: folder)
    let report = try Executable.report([
      "--source", source, "--batch", "5", "--threads", "2", "--epochs", "3", "--placement", placement,
    ])
    #expect(report.stages.map(\.name) == ["source", "decode"])
    #expect(report.stages.map(\.concurrency) == [1, 2])
    for stage in report.stages {
      #expect(stage.tasks == 69, "\(stage)")
      #expect(stage.failures == 0)
      #expect(stage.filtered == 0)
      #expect(stage.tasksPerSecond > 0)
      #expect(stage.taskSecondsMean > 0)
      #expect(stage.taskSecondsP50 > 0)
      #expect(stage.taskSecondsP50 <= stage.taskSecondsP90)
      #expect(stage.taskSecondsP90 <= stage.taskSecondsP99)
      #expect([stage.retries, stage.timeouts, stage.quarantined] == [0, 0, 0])
      #expect((0...1).contains(stage.occupancy), "\(stage)")
      for share in [stage.busy, stage.blocked, stage.starved] { #expect((0...1).contains(share), "\(stage)") }
      #expect(abs(stage.busy + stage.blocked + stage.starved - 1) < 1e-6, "\(stage)")
    }
  }

  /// What is said of it is a matter of the machine, but for a run that is too short to say anything.
  @Test func bottleneckOfAShortRunIsUnknown() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let words = ["--source", source, "--limit", "3"]
    let text = try #require(try Executable.report(words).bottleneck)
    #expect(text.hasPrefix("unknown after ") && text.hasSuffix("it takes 1 s and 20 calls to tell."), "\(text)")
    let output = try Executable.run(["run"] + words).output
    #expect(output.contains("\n\nbottleneck: unknown after "), "\(output)")
  }

  @Test func threadsAreTheProcessorsUnlessTold() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let report = try Executable.report(["--source", source])
    #expect(report.threads >= 1)
    #expect(report.stage("decode")?.concurrency == report.threads)
  }

  /// More than the ring's log holds: the count goes on, the newest are named.
  @Test func manyFailuresAreCountedAndTheNewestNamed() throws {
    let png = try TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png()
    for index in 0..<300 { try folder.write("images/\(1000 + index).png", [1, 2, 3]) }
    try folder.write("images/0.png", png)
    let report = try Executable.report(["--source", folder("images"), "--max-failures", "300"])
    #expect(report.failureCount == 300)
    #expect((1...255).contains(report.failures.count))
    #expect(report.failures.last?.position == 300)
    #expect(report.failures.compactMap(\.position) == report.failures.compactMap(\.position).sorted())
  }
}
