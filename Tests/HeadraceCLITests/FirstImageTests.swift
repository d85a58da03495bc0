import Testing

/// The first image gives the size of all where `--size` does not; a bad one must not.
@Suite struct FirstImageTests {
  static let good = TestImage(width: 4, height: 3, storage: .rgb, seed: 5)
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Ways in which the first image can be bad, the last three with a header that is read without complaint.
  private func badImages() throws -> [(name: String, bytes: [UInt8], code: String)] {
    let png = try Self.good.png()
    let other = try TestImage(width: 9, height: 9, storage: .rgb, seed: 6).png()
    return [
      ("empty", [], "malformedImage"),
      ("text", Array("text".utf8), "malformedImage"),
      ("header cut", Array(png.prefix(20)), "malformedImage"),
      ("pixels cut", Array(png.dropLast(20)), "malformedImage"),
      ("pixels of another size cut", Array(other.dropLast(20)), "malformedImage"),
      ("65535x65535", PalettePNG.header(width: 65_535, height: 65_535), "limitExceeded"),
    ]
  }

  @Test func badFirstImageIsOneErrorThatNamesIt() throws {
    for (name, bytes, code) in try badImages() {
      try folder.write("\(name)/a.png", bytes)
      try folder.write("\(name)/b.png", try Self.good.png())
      let report = try Refusal.expect(
        ["--source", folder(name)], folder("\(name)/a.png"), code: code,
        remedy: name.contains("cut") || name == "empty" ? "fetch or write it again" : "leave it out")
      #expect(report?.samples == 0)
      #expect(report?.failures.count == 1)
    }
  }

  @Test func badFirstImageIsLeftOutAndTheNextGoodOneGivesTheSize() throws {
    let bad = try badImages()
    for count in 1...bad.count {
      let name = "first \(count)"
      for (index, image) in bad.suffix(count).enumerated() { try folder.write("\(name)/a\(index).png", image.bytes) }
      try folder.write("\(name)/b.png", try Self.good.png())
      try folder.write("\(name)/c.png", try Self.good.png())
      let words = ["--source", folder(name), "--max-failures", "\(count)"]
      for size in [[], ["--size", "4x3"]] {
        let report = try Executable.report(words + size + ["--digest"])
        #expect(report.imageSha256 == ReferenceSHA256.hex(Self.good.pixels(.rgb) + Self.good.pixels(.rgb)))
        #expect(report.samples == 2)
        #expect(report.failureCount == count)
        #expect(report.failures.map(\.path) == (0..<count).map { folder("\(name)/a\($0).png") })
      }
    }
  }

  @Test func sizeIsComparedWithTheFirstGoodImage() throws {
    try folder.write("images/a.png", [1])
    try folder.write("images/b.png", try Self.good.png())
    try folder.write("images/c.png", try TestImage(width: 3, height: 4, storage: .rgb, seed: 1).png())
    let report = try Refusal.expect(
      ["--source", folder("images"), "--max-failures", "1"], "2 samples failed, 1 may", "c.png is 3x4",
      "b.png, the first, is 4x3", code: "tooManyFailures", remedy: "raise --max-failures")
    #expect(report?.failures.map(\.sample) == ["a.png", "c.png"])
  }

  @Test func moreBadFirstImagesThanAllowedAreAnError() throws {
    for name in ["a", "b", "c"] { try folder.write("images/\(name).png", try Self.good.png().dropLast(30)) }
    try folder.write("images/d.png", try Self.good.png())
    let report = try Refusal.expect(
      ["--source", folder("images"), "--max-failures", "2"], "3 samples failed, 2 may", folder("images/c.png"),
      code: "tooManyFailures", remedy: "raise --max-failures")
    #expect(report?.samples == 0)
  }

  @Test func noGoodImageAtAllLeavesNoSize() throws {
    for name in ["a", "b"] { try folder.write("images/\(name).png", try Self.good.png().dropLast(30)) }
    try Refusal.expect(
      ["--source", folder("images"), "--max-failures", "9"], "None of the 2 samples", folder("images/a.png"),
      code: "malformedImage", remedy: "give --size")
    let report = try Executable.report(
      ["--source", folder("images"), "--max-failures", "9", "--size", "4x3"], status: 1)
    #expect(report.samples == 0)
    #expect(report.failureCount == 2)
    // Beyond the limit nobody looks.
    let limited = ["--source", folder("images"), "--max-failures", "9", "--limit", "1"]
    try Refusal.expect(limited, "The only sample has no good image", code: "malformedImage", remedy: "give --size")
  }

  @Test func firstSampleWithoutImageIsLeftOutToo() throws {
    let png = try Self.good.png()
    try Dataset.writeShard(
      folder("a.tar"), [("0", [("cls", [0x31])]), ("1", [("png", png), ("cls", [0x32])])])
    try Refusal.expect(
      ["--source", folder("a.tar")], "without field png", "it has cls", "0 (\(folder("a.tar")), offset 0)",
      code: "missingField", remedy: "name such ones in --columns")
    let report = try Executable.report(["--source", folder("a.tar"), "--max-failures", "1"])
    #expect(report.samples == 1)
    #expect(report.failures.map(\.code) == ["missingField"])
  }
}
