import Testing

/// Shards that are cut, and samples without what was asked for.
@Suite struct ShardErrorTests {
  static let dataset = Dataset(count: 12)
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Every way in which a tar file can end early: in a header, in data, in padding, between members, in its end.
  @Test func tarCutAnywhereIsAnErrorAfterTheWholeBatches() throws {
    let path = try Self.dataset.write(.tar, to: folder)
    let bytes = try folder.read("images.tar")
    // A sample is two headers and two fields of one block each, unless its image is larger.
    for count in [1, 300, 511, 512, 600, 1023, 1024, 1536, 2047, 2048, 9000, bytes.count - 1024, bytes.count - 1] {
      try folder.write("images.tar", bytes[..<count])
      let report = try Refusal.expect(
        ["--source", path, "--batch", "2"], path, "byte ", code: "malformedShard",
        remedy: count < 512 ? "tar" : "fetch or write the shard again")
      #expect((report?.samples ?? -1) % 2 == 0)
      #expect(try #require(report).samples <= count / 2048, "\(count) bytes")
    }
    try folder.write("images.tar", bytes)
    #expect(try Executable.report(["--source", path]).samples == 12)
  }

  @Test func tarCutBehindTheLastSampleDeliversWhatIsWhole() throws {
    let path = try Self.dataset.write(.tar, to: folder)
    let bytes = try folder.read("images.tar")
    try folder.write("images.tar", bytes.dropLast(512))
    let report = try Refusal.expect(
      ["--source", path, "--batch", "3"], path, "byte \(bytes.count - 512)", "two blocks of zeros",
      code: "malformedShard", remedy: "fetch or write the shard again")
    #expect(report?.samples == 9)
    #expect(report?.failures.last?.stage == "source")
  }

  @Test func compressedTarCutAnywhereIsAnErrorWithBothOffsets() throws {
    let path = try Self.dataset.write(.zstd, to: folder)
    let bytes = try folder.read("images.tar.zst")
    for count in [4, 5, 20, bytes.count / 4, bytes.count / 2, bytes.count - 5, bytes.count - 4, bytes.count - 1] {
      try folder.write("images.tar.zst", bytes[..<count])
      try Refusal.expect(
        ["--source", path], path, "of the uncompressed stream (byte \(count) of the file)", "cut short",
        code: "malformedShard", remedy: "fetch or write the shard again")
    }
    for count in [1, 3] {
      try folder.write("images.tar.zst", bytes[..<count])
      try Refusal.expect(["--source", path], path, "byte 0", code: "malformedShard", remedy: "tar.zst")
    }
  }

  /// Failures of samples can be left out; a damaged shard is no sample.
  @Test func maximumFailuresDoNotExcuseADamagedShard() throws {
    let path = try Self.dataset.write(.tar, to: folder)
    try folder.write("images.tar", try folder.read("images.tar").dropLast(2000))
    try Refusal.expect(
      ["--source", path, "--max-failures", "100"], path, code: "malformedShard",
      remedy: "fetch or write the shard again")
  }

  @Test func sampleWithoutTheAskedFieldIsNamed() throws {
    let png = try TestImage(width: 2, height: 2, storage: .gray, seed: 1).png()
    try Dataset.writeShard(
      folder("a.tar"),
      [
        ("s/0", [("png", png), ("cls", [0x30])]), ("s/1", [("png", png)]), ("s/2", [("txt", [0x30]), ("cls", [0x30])]),
      ])
    let report = try Refusal.expect(
      ["--source", folder("a.tar")], "without field cls", "it has png", folder("a.tar"), "offset 2048",
      code: "missingField",
      remedy: "give the samples labels, or leave label=cls out of --columns, or leave the sample out (--max-failures)")
    #expect(report?.failures.last?.sample == "s/1")
    #expect(report?.failures.last?.offset == 2048)
    let allowed = try Executable.report(["--source", folder("a.tar"), "--max-failures", "2"])
    #expect(allowed.samples == 1)
    #expect(allowed.failures.map(\.sample) == ["s/1", "s/2"])
    #expect(allowed.failures.map(\.offset) == [2048, 3072])
  }

  @Test func shardThatIsNotGroupedBySampleIsToldHow() throws {
    let png = try TestImage(width: 2, height: 2, storage: .gray, seed: 1).png()
    try Dataset.writeShard(
      folder("a.tar"),
      [("0", [("cls", [0x30])]), ("1", [("cls", [0x30])]), ("0", [("png", png)]), ("1", [("png", png)])])
    try Refusal.expect(
      ["--source", folder("a.tar")], "Record without field png: it has cls", code: "missingField",
      remedy: "If the sample's files do not follow each other, write the shard with tar --sort=name.")
  }

  @Test func labelThatIsNoNumberIsShown() throws {
    let png = try TestImage(width: 2, height: 2, storage: .gray, seed: 1).png()
    let reasons = [
      ("cat", "not a whole number"), ("", "not a whole number"), ("1.5", "not a whole number"),
      ("9223372036854775808", "out of the range of a 64-bit integer"),
    ]
    for (label, reason) in reasons {
      try Dataset.writeShard(folder("a.tar"), [("0", [("png", png), ("cls", Array(label.utf8))])])
      try Refusal.expect(
        ["--source", folder("a.tar")], "Field cls is \"\(label)\", \(reason);",
        "0 (\(folder("a.tar")), offset 0)",
        code: "wrongType", remedy: "correct the data")
    }
  }
}
