import Testing

/// `headrace inspect`: what is in a shard or a folder, for people and for programs.
@Suite struct InspectTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Three samples, the last without a label, with fields of known sizes.
  private func writeShard(_ name: String, zstd: Bool = false) throws -> String {
    try Dataset.writeShard(
      folder(name), compression: zstd ? .zstd(level: 3) : .plain,
      [
        ("cat/0", [("png", [UInt8](repeating: 7, count: 600)), ("cls", [0x30])]),
        ("cat/1", [("png", [1, 2, 3]), ("cls", [0x31])]), ("dog", [("seg.png", [])]),
      ])
    return folder(name)
  }

  @Test func shardIsListedWithOffsetsAndTotals() throws {
    let path = try writeShard("a.tar")
    try expect(
      ["inspect", path],
      """
      \(path): 3 samples in 5 members, 6.1 kB
      fields: png in 2, cls in 2, seg.png in 1
      incomplete: 3 samples lack a field that others have

      member       kind  bytes  offset    field
      cat/0.png    file    600       0      png
      cat/0.cls    file      1   1,536      cls
      cat/1.png    file      3   2,560      png
      cat/1.cls    file      1   3,584      cls
      dog.seg.png  file      0   4,608  seg.png

      """)
  }

  /// All images first, then all labels, as a tar of two listings is.
  @Test func shardThatIsNotGroupedBySampleIsCalledSo() throws {
    let path = folder("a.tar")
    try Dataset.writeShard(
      path, [("0", [("png", [])]), ("1", [("png", [])]), ("0", [("cls", [])]), ("1", [("cls", [])])])
    let outcome = try Executable.run("inspect", path)
    #expect(
      outcome.output.contains(
        "\nfields: png in 2, cls in 2\nincomplete: 4 samples lack a field that others have\nscattered: 2 samples have"
          + " the key of an earlier one; to keep the files of a\n  sample together, write the shard with tar"
          + " --sort=name\n"
      ),
      "\(outcome)")
    let json = try Executable.run("inspect", path, "--json")
    #expect(json.output.contains(#""incomplete_samples":4"#), "\(json)")
  }

  @Test func samplesThatAreAlikeAreComplete() throws {
    try Dataset.writeShard(folder("a.tar"), [("0", [("png", []), ("cls", [])]), ("1", [("cls", []), ("png", [])])])
    let outcome = try Executable.run("inspect", folder("a.tar"))
    #expect(outcome.output.contains("\nfields: png in 2, cls in 2\n\nmember"), "\(outcome)")
  }

  @Test func compressedShardHasBothSizes() throws {
    let path = try writeShard("a.tar.zst", zstd: true)
    let size = try folder.read("a.tar.zst").count
    try expect(
      ["inspect", path, "--limit", "1"],
      """
      \(path): 3 samples in 5 members, \(size) B (zstd, 6.1 kB of tar)
      fields: png in 2, cls in 2, seg.png in 1
      incomplete: 3 samples lack a field that others have

      member     kind  bytes  offset  field
      cat/0.png  file    600       0    png
      ... and 4 more; --limit 0 lists all

      """)
  }

  @Test func folderIsListedByClass() throws {
    for name in ["a-b/1.png", "a-b/sub/2.PNG", "a/1.png", "a/notes.txt"] { try folder.write("train/\(name)", [1]) }
    try expect(
      ["inspect", folder("train")],
      """
      \(folder("train")): 3 images in 2 classes
      files left out: 1 .txt

      class  label  samples
      a          0        1
      a-b        1        2

      """)
  }

  @Test func shardWithoutMembersIsListed() throws {
    try Dataset.writeShard(folder("none.tar"), [])
    try expect(
      ["inspect", folder("none.tar")],
      """
      \(folder("none.tar")): 0 samples in 0 members, 1.0 kB
      fields: none

      member  kind  bytes  offset  field

      """)
  }

  @Test func oneOfAThingIsSingular() throws {
    try Dataset.writeShard(folder("one.tar"), [("0", [("txt", [])])])
    try folder.write("train/a/1.png", [1])
    try folder.write("flat/1.png", [1])
    for (path, text) in [
      ("one.tar", "1 sample in 1 member, "), ("train", "1 image in 1 class\n"), ("flat", "1 image without labels\n"),
    ] {
      let outcome = try Executable.run("inspect", folder(path))
      #expect(outcome.output.hasPrefix("\(folder(path)): \(text)"), "\(outcome)")
    }
  }

  @Test func flatFolderHasNoLabels() throws {
    for name in ["1.png", "2.png"] { try folder.write("flat/\(name)", [1]) }
    try expect(["inspect", folder("flat")], "\(folder("flat")): 2 images without labels\n")
  }

  @Test func filesThatAreNoSamplesAreCountedByKind() throws {
    let names = ["1.png", "2.gif", "sub/3.GIF", "README", ".DS_Store", "sub/._3.png", ".trash/4.png"]
    for name in names { try folder.write("train/a/\(name)", [1]) }
    let text = "1 image in 1 class\nfiles left out: 2 .gif, 1 without extension, 3 hidden\n\nclass"
    let outcome = try Executable.run("inspect", folder("train"))
    #expect(outcome.output.hasPrefix("\(folder("train")): \(text)"), "\(outcome)")
    // And as the loader counts them, which does not look at hidden ones.
    let run = try Executable.run("run", "--source", folder("train"), "--max-failures", "1", "--size", "2x2")
    #expect(run.output.contains("\nfiles left out        2 .gif, 1 without extension\n"), "\(run)")
  }

  @Test func keysOfAShardAreThoseOfThePage() throws {
    let documented = try KeyPaths.documentedForInspect("shard")
    #expect(documented.count == 18)
    for path in [try writeShard("a.tar"), try writeShard("a.tar.zst", zstd: true)] {
      let outcome = try Executable.run("inspect", path, "--json")
      #expect(outcome.status == .exited(0))
      #expect(try KeyPaths.of(outcome.output) == documented.subtracting(["error"]))
    }
    try folder.write("a.tar", try folder.read("a.tar").dropLast(600))
    #expect(try KeyPaths.of(try Executable.run("inspect", folder("a.tar"), "--json").output) == documented)
  }

  @Test func keysOfAFolderAreThoseOfThePage() throws {
    for name in ["1.png", "2.gif"] { try folder.write("train/a/\(name)", [1]) }
    let outcome = try Executable.run("inspect", folder("train"), "--json")
    let documented = try KeyPaths.documentedForInspect("folder")
    #expect(
      documented == [
        "path", "samples", "class_count", "classes[]", "classes[].label", "classes[].name", "classes[].samples",
        "files_left_out[]", "files_left_out[].extension", "files_left_out[].files", "hidden_files",
      ])
    #expect(try KeyPaths.of(outcome.output) == documented)
    try folder.write("flat/1.png", [1])
    let flat = try Executable.run("inspect", folder("flat"), "--json")
    #expect(
      flat.output
        == #"{"class_count":0,"classes":[],"files_left_out":[],"#
        + #""hidden_files":0,"path":"\#(folder("flat"))","samples":1}"#
        + "\n")
  }

  @Test func objectOfAShardHasTheListedMembers() throws {
    let path = try writeShard("a.tar")
    let members = [
      #"{"bytes":600,"field":"png","kind":"file","name":"cat/0.png","offset":0,"sample":"cat/0"}"#,
      #"{"bytes":1,"field":"cls","kind":"file","name":"cat/0.cls","offset":1536,"sample":"cat/0"}"#,
    ]
    for (limit, listed) in [("1", 1), ("2", 2)] {
      let outcome = try Executable.run("inspect", path, "--json", "--limit", limit)
      #expect(
        outcome.output == #"{"compression":"none","fields":[{"name":"png","samples":2},{"name":"cls","samples":2},"#
          + #"{"name":"seg.png","samples":1}],"file_bytes":6144,"incomplete_samples":3,"member_count":5,"members":["#
          + members.prefix(listed).joined(separator: ",")
          + #"],"path":"\#(path)","samples":3,"stream_bytes":6144}"# + "\n")
    }
  }

  @Test func limitCountsMembersAndZeroMeansAll() throws {
    let path = folder("many.tar")
    try Dataset.writeShard(path, (0..<30).map { ("\($0)", [("txt", [])]) })
    for (words, listed) in [([], 20), (["--limit", "3"], 3), (["--limit", "0"], 30), (["--limit", "99"], 30)] {
      let outcome = try Executable.run(["inspect", path] + words)
      #expect(outcome.output.hasPrefix("\(path): 30 samples in 30 members"))
      #expect(outcome.output.matches(of: /\.txt\s/).count == listed)
      #expect(outcome.output.contains("... and \(30 - listed) more; --limit 0 lists all\n") == (listed < 30))
      let json = try Executable.run(["inspect", path, "--json"] + words)
      #expect(json.output.matches(of: /"kind"/).count == listed)
    }
  }

  @Test func limitCountsClassesAndZeroMeansAll() throws {
    for index in 10..<40 { try folder.write("train/c\(index)/1.png", [1]) }
    let path = folder("train")
    for (words, listed) in [([], 20), (["--limit", "3"], 3), (["--limit", "0"], 30), (["--limit", "99"], 30)] {
      let outcome = try Executable.run(["inspect", path] + words)
      #expect(outcome.output.hasPrefix("\(path): 30 images in 30 classes\n"))
      #expect(outcome.output.matches(of: /\nc\d\d\s/).count == listed)
      #expect(outcome.output.hasSuffix("\n... and \(30 - listed) more classes; --limit 0 lists all\n") == (listed < 30))
      let json = try Executable.run(["inspect", path, "--json"] + words)
      #expect(json.output.matches(of: /"label"/).count == listed)
      #expect(json.output.contains(#""class_count":30,"#), "\(json)")
    }
    let one = try Executable.run("inspect", path, "--limit", "29")
    #expect(one.output.hasSuffix("\n... and 1 more class; --limit 0 lists all\n"), "\(one)")
  }

  @Test func membersThatAreNoFieldHaveNeitherSampleNorField() throws {
    let path = try writeShard("a.tar")
    // The first member becomes one without an extension: "cat/0.png" to "cat/00png", checksum and all.
    var bytes = try folder.read("a.tar")
    bytes[5] = UInt8(ascii: "0")
    let sum = bytes[0..<148].reduce(0) { $0 + Int($1) } + 8 * 32 + bytes[156..<512].reduce(0) { $0 + Int($1) }
    let digits = String(sum, radix: 8)
    bytes.replaceSubrange(148..<154, with: Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8))
    try folder.write("a.tar", bytes)
    let outcome = try Executable.run("inspect", path, "--limit", "1")
    #expect(outcome.output.contains("cat/00png  file    600       0      -\n"), "\(outcome)")
    let json = try Executable.run("inspect", path, "--limit", "1", "--json")
    #expect(json.output.contains(#"[{"bytes":600,"kind":"file","name":"cat/00png","offset":0}]"#), "\(json)")
  }

  private func expect(
    _ words: [String], _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try Executable.run(words)
    #expect(outcome.status == .exited(0), sourceLocation: sourceLocation)
    #expect(outcome.output == text, sourceLocation: sourceLocation)
    #expect(outcome.errors == "", sourceLocation: sourceLocation)
  }
}
