import Foundation
import Testing

/// Images that cannot be batched: which one, where, and what to do; and what was delivered before.
@Suite struct BadImageTests {
  static let good = TestImage(width: 4, height: 3, storage: .gray, seed: 3)
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes `count` images as `images/00.png` and so on, those at `bad` cut in the middle.
  private func writeImages(_ count: Int, bad: Set<Int>) throws -> String {
    let png = try Self.good.png()
    for index in 0..<count { try folder.write(name(index), bad.contains(index) ? png.dropLast(20) : png[...]) }
    return folder("images")
  }

  private func name(_ index: Int) -> String { "images/\(index < 10 ? "0" : "")\(index).png" }

  @Test func imagesOfTwoSizesAreNamedWithTheirSizes() throws {
    try folder.write("images/a.png", try TestImage(width: 6, height: 5, storage: .rgb, seed: 1).png())
    try folder.write("images/b.png", try TestImage(width: 5, height: 6, storage: .rgb, seed: 1).png())
    let report = try Refusal.expect(
      ["--source", folder("images")], "b.png is 5x6", "a.png, the first, is 6x5", folder("images/b.png"),
      code: "wrongType", remedy: "--size WIDTHxHEIGHT")
    #expect(report?.failures.last?.stage == "decode")
    #expect(report?.failures.last?.sample == "b.png")
    #expect(report?.failures.last?.path == folder("images/b.png"))
  }

  @Test func headerOf65535SquareIsRefusedWhereverItIs() throws {
    let huge = PalettePNG.header(width: 65_535, height: 65_535) + PalettePNG.chunk("IDAT", [0x78, 0x01])
    try folder.write("first/a.png", huge)
    try folder.write("second/a.png", try Self.good.png())
    try folder.write("second/b.png", huge)
    for (words, file) in [
      (["--source", folder("first")], "first/a.png"), (["--source", folder("first"), "--size", "8x8"], "first/a.png"),
      (["--source", folder("second"), "--size", "8x8"], "second/b.png"),
    ] {
      try Refusal.expect(
        words, folder(file), "65535x65535", "limit", code: "limitExceeded", remedy: "leave it out (--max-failures)")
    }
    try Refusal.expect(
      ["--source", folder("second")], folder("second/b.png"), "65535x65535", code: "wrongType", remedy: "--size")
  }

  /// The file went between listing and reading, or never was.
  @Test func linkThatLeadsNowhereIsNamed() throws {
    try folder.write("images/a.png", try Self.good.png())
    try FileManager.default.createSymbolicLink(
      atPath: folder("images/b.png"), withDestinationPath: folder("nowhere.png"))
    let words = ["--source", folder("images")]
    let text =
      "\(folder("images/b.png")) is a link to \(folder("nowhere.png")), which does not exist; mend or remove the link"
    try Refusal.expect(
      words, "\(text), or leave it out (--max-failures). [", code: "notFound", remedy: "mend or remove")
    let leftOut = try Executable.report(words + ["--max-failures", "1"])
    #expect(leftOut.failures.map(\.message) == ["\(text), or leave it out."])
  }

  @Test func imageCutAtEveryByteIsAnErrorWithFileAndByte() throws {
    let png = try Self.good.png()
    try folder.write("images/a.png", png)
    for count in 0..<png.count {
      try folder.write("images/b.png", png[..<count])
      let outcome = try Executable.run("run", "--source", folder("images"), "--threads", "1")
      #expect(outcome.status == .exited(1), "\(count) bytes")
      #expect(outcome.output == "")
      let line = outcome.errorLine ?? ""
      #expect(line.contains("byte ") && line.contains(folder("images/b.png")), "\(count) bytes: \(outcome)")
      #expect(line.contains("fetch or write it again") || line.contains("leave it out"), "\(count) bytes: \(outcome)")
    }
  }

  @Test func imagesCutAtEveryByteAreLeftOutWhereThatIsAllowed() throws {
    let png = try Self.good.png()
    let names = (0..<png.count).map { "cut-\(1000 + $0).png" }
    for (count, name) in names.enumerated() { try folder.write("images/\(name)", png[..<count]) }
    try folder.write("images/a.png", png)
    try folder.write("images/z.png", png)
    for placement in ["subprocess", "same-process"] {
      let report = try Executable.report([
        "--source", folder("images"), "--max-failures", "\(png.count)", "--digest", "--placement", placement,
      ])
      #expect(report.samples == 2)
      #expect(report.imageSha256 == ReferenceSHA256.hex(Self.good.pixels(.rgb) + Self.good.pixels(.rgb)))
      #expect(report.failureCount == png.count)
      #expect(report.failures.map(\.path) == names.map { folder("images/\($0)") })
      #expect(report.failures.map(\.position) == (0..<png.count).map { $0 + 1 })
      #expect(report.failures.allSatisfy { $0.code == "malformedImage" && $0.stage == "decode" && $0.epoch == 0 })
      #expect(report.stage("decode")?.failures == png.count)
    }
  }

  /// Batches before the first bad image are whole and arrive; what shares its batch does not.
  @Test(arguments: [(4, 0), (5, 5), (9, 5), (10, 10), (22, 20)])
  func errorArrivesAfterTheLastWholeBatchBeforeIt(bad: Int, delivered: Int) throws {
    let source = try writeImages(23, bad: [bad])
    for placement in ["subprocess", "same-process"] {
      let report = try Refusal.expect(
        ["--source", source, "--batch", "5", "--threads", "2", "--placement", placement], folder(name(bad)),
        code: "malformedImage", remedy: "fetch or write it again")
      #expect(report?.samples == delivered)
      #expect(report?.batches == delivered / 5)
      #expect(report?.epochs == 0)
      #expect(report?.failureCount == 0)
      #expect(report?.failures.count == 1)
    }
  }

  @Test func allowedFailuresAreLeftOutAndNamedInEachEpoch() throws {
    let source = try writeImages(10, bad: [2, 3, 9])
    let words = ["--source", source, "--batch", "4", "--epochs", "2", "--max-failures", "3"]
    let report = try Executable.report(words + ["--digest"])
    #expect(report.samples == 14)
    #expect(report.batches == 4)
    #expect(report.imageSha256 == ReferenceSHA256.hex((0..<14).flatMap { _ in Self.good.pixels(.rgb) }))
    #expect(report.failureCount == 6)
    #expect(report.failures.map(\.position) == [2, 3, 9, 2, 3, 9])
    #expect(report.failures.map(\.epoch) == [0, 0, 0, 1, 1, 1])
    #expect(report.failures.map(\.path) == [2, 3, 9, 2, 3, 9].map { folder(name($0)) })

    let plain = try Executable.run(["run"] + words)
    #expect(plain.status == .exited(0))
    #expect(plain.errors == "")
    #expect(plain.output.contains("6 samples were left out, as --max-failures allows:"))
    for (epoch, position) in [(0, 2), (0, 3), (0, 9), (1, 2), (1, 3), (1, 9)] {
      #expect(
        plain.output.contains(
          "  epoch \(epoch), position \(position), 0\(position).png (\(folder(name(position)))): The"),
        "\(plain.output)")
    }
  }

  @Test func oneFailureMoreThanAllowedEndsTheRunAndSaysSo() throws {
    let source = try writeImages(10, bad: [2, 3, 7, 9])
    let report = try Refusal.expect(
      ["--source", source, "--batch", "2", "--max-failures", "3"], "4 samples failed, 3 may", folder(name(9)),
      "input ended at byte", code: "tooManyFailures", remedy: "raise --max-failures")
    // 0 1, 4 5, 6 8: the whole batches before the fourth bad image.
    #expect(report?.samples == 6)
    #expect(report?.failureCount == 3)
    #expect(report?.failures.map(\.position) == [2, 3, 7, nil])
  }

  @Test func remedyOfALeftOutSampleIsInTheWordsOfTheCommand() throws {
    try folder.write("images/a.png", try Self.good.png())
    try folder.write("images/b.png", PalettePNG.header(width: 65_535, height: 65_535))
    let words = ["--source", folder("images"), "--size", "4x3", "--max-failures", "1"]
    let report = try Executable.report(words)
    #expect(report.failures.count == 1)
    let message = report.failures.first?.message ?? "DecodeLimits"
    Refusal.expectCommandWords(message)
    // It is left out already.
    #expect(message.hasSuffix("leave it out."))
    let text = try Executable.run(["run"] + words).output
    Refusal.expectCommandWords(text)
    #expect(text.contains("\n1 sample was left out, as --max-failures allows:\n  epoch 0, position 1, b.png"))
    #expect(text.matches(of: /--max-failures/).count == 1)
  }
}
