import Foundation
import Testing

/// `headrace run` with what the engine can do beside reading and decoding: caches, shuffles, retries, a quarantine.
@Suite struct RunPolicyTests {
  static let dataset = Dataset(count: 23)
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func digest(_ words: [String]) throws -> String? {
    try Executable.report(words + ["--batch", "5", "--digest"]).imageSha256
  }

  @Test(arguments: Dataset.Form.allCases, ["memory:1000000", "memory:1", "disk:"])
  func aCacheDeliversTheSameInEveryEpoch(form: Dataset.Form, cache: String) throws {
    let source = try Self.dataset.write(form, to: folder)
    let place = cache == "disk:" ? cache + folder("kept") : cache
    let words = ["--source", source, "--epochs", "3", "--cache", place]
    #expect(try digest(words) == Self.dataset.digest(epochs: 3))
    // A later run begins with what the first has left.
    #expect(try digest(words) == Self.dataset.digest(epochs: 3))
  }

  @Test func aCacheOnDiskIsReadInPlaceOfTheShardByALaterRun() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let words = ["--source", source, "--cache", "disk:\(folder("kept"))"]
    #expect(try Executable.report(words).stage("source")?.tasks == 23)
    let later = try Executable.report(words + ["--epochs", "2"])
    #expect(later.samples == 46)
    #expect(later.stages.map(\.name) == ["source", "cache", "decode"])
    #expect(try #require(later.stage("source")).tasks < 46)
  }

  @Test func aCacheOfAnotherLimitIsRefused() throws {
    for form in [Dataset.Form.tar, .folder] {
      let place = "disk:\(folder("kept-\(form)"))"
      let source = try Self.dataset.write(form, to: folder)
      #expect(try Executable.report(["--source", source, "--limit", "8", "--cache", place]).samples == 8)
      let outcome = try Executable.run("run", "--source", source, "--limit", "9", "--cache", place)
      #expect(outcome.status == .exited(1))
      #expect(outcome.errorLine?.contains("the first 8") == true, "\(outcome)")
      #expect(outcome.errorLine?.contains("the first 9") == true, "\(outcome)")
    }
  }

  @Test(arguments: [[], ["--cache", "memory:1000000"]])
  func aShuffleHasAnotherOrderInEachEpochAndForEachSeedAndTheSameAtAnyConcurrency(cache: [String]) throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let words = ["--source", source, "--shuffle", "23"] + cache
    let first = try digest(words)
    #expect(first != Self.dataset.digest())
    #expect(try digest(words + ["--seed", "0", "--threads", "1"]) == first)
    #expect(try digest(words + ["--seed", "1"]) != first)
    for concurrency in ["1", "7", "auto"] {
      #expect(try digest(words + ["--concurrency", concurrency]) == first, "concurrency \(concurrency)")
    }
    let ordered = try Executable.report(words + ["--epochs", "2", "--columns", "label=cls"])
    #expect(ordered.samples == 46)
  }

  @Test func aConcurrencyIsThatOfTheStageThatDecodes() throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let report = try Executable.report(["--source", source, "--threads", "2", "--concurrency", "3"])
    #expect(report.stage("decode")?.concurrency == 3)
  }

  @Test func aBadSampleIsTriedAgainAsOftenAsToldAndLeftOutOnce() throws {
    let good = try TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png()
    for index in 0..<7 { try folder.write("images/\(index).png", index == 3 ? [1, 2] : good[...]) }
    let words = [
      "--source", folder("images"), "--size", "2x2", "--retries", "2", "--batch", "4", "--partial", "drop",
    ]
    let report = try Executable.report(words + ["--max-failures", "1"])
    #expect(report.stage("decode")?.retries == 2)
    #expect(report.failureCount == 1)
    #expect(report.samples == 4)
    #expect(report.samplesDropped == 2)
    #expect(try Executable.report(words, status: 1).error?.contains("3.png") == true)
  }

  @Test func aQuarantineHasTheBadSampleAndItsError() throws {
    let good = try TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png()
    for index in 0..<7 { try folder.write("images/\(index).png", index == 3 ? [1, 2] : good[...]) }
    let report = try Executable.report([
      "--source", folder("images"), "--size", "2x2", "--max-failures", "1", "--quarantine", folder("bad"),
    ])
    #expect(report.samples == 6)
    #expect(report.stage("decode")?.quarantined == 1)
    let worker = try #require(try FileManager.default.contentsOfDirectory(atPath: folder("bad")).first)
    let entry = folder("bad/\(worker)/000000")
    #expect(FileManager.default.contents(atPath: "\(entry)/sample.png") == Data([1, 2]))
    let error = try String(contentsOfFile: "\(entry)/sample.error.json", encoding: .utf8)
    #expect(error.contains("3.png"))
  }

  @Test func aQuarantineInAFolderThatIsNotThereIsRefusedBeforeTheStart() throws {
    try folder.write("images/0.png", TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png())
    let report = try Refusal.expect(
      ["--source", folder("images"), "--max-failures", "1", "--quarantine", folder("no/bad")],
      "Quarantine \(folder("no/bad")) cannot be made", "no folder \(folder("no"));", code: "notFound",
      remedy: "create that, or check the path")
    #expect(report?.samples == 0)
  }
}
