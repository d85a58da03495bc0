import Glibc
import Testing

/// Sources that hold nothing to load: one line that names the path and what to do.
@Suite struct SourceErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func missingPathIsNamed() throws {
    try Refusal.expect(
      ["--source", folder("nothing")], "\(folder("nothing")) does not exist; ", code: "notFound",
      remedy: "check the path")
  }

  /// The bytes do not come through a String, so that such a file can be seen and yet not be opened.
  @Test(arguments: ["run --source", "inspect"])
  func pathThatIsNotUTF8IsCalledSo(command: String) throws {
    let path = #""$(printf '\#(folder.path)/a\377.tar')""#
    let outcome = try Shell.run(": > \(path); \(Shell.quote(Executable.path)) \(command) \(path)")
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.errorLine?.hasSuffix("; its name is not UTF-8 where \u{FFFD} stands, and cannot be opened: rename it.")
        == true, "\(outcome)")
  }

  @Test func tooFewDescriptorsAreNamedWithTheLimitToRaise() throws {
    let source = try Dataset(count: 2).write(.tar, to: folder)
    for count in 5...7 {
      let outcome = try Shell.run("ulimit -n \(count); \(Shell.quote(Executable.path)) run --source \(source)")
      #expect(outcome.status == .exited(1), "\(count)")
      #expect(outcome.errorLine?.contains("raise the limit (ulimit -n)") == true, "\(count): \(outcome)")
    }
  }

  @Test func emptyFolderIsNamed() throws {
    let path = try folder.folder("empty")
    try Refusal.expect(
      ["--source", path], path, "it is empty", code: "notFound",
      remedy: "one subfolder of images per class was expected, or images alone")
  }

  @Test func folderOfTextFilesIsNamedWithWhatItHolds() throws {
    for name in ["a.txt", "b.txt", "c.md", "cat/d.txt"] { try folder.write("texts/\(name)", "text".utf8) }
    try Refusal.expect(
      ["--source", folder("texts")], folder("texts"), "3 .txt", "1 .md", code: "notFound",
      remedy: "one subfolder of images per class was expected, or images alone")
  }

  @Test func classFolderWithoutImagesIsNamed() throws {
    try folder.write("images/cat/1.png", [1])
    try folder.write("images/dog/1.gif", [1])
    try Refusal.expect(
      ["--source", folder("images")], folder("images/dog"), ".png", code: "notFound", remedy: "fill or remove it")
  }

  @Test func imagesBesideClassFoldersAreNamed() throws {
    try folder.write("images/cat/1.png", [1])
    try folder.write("images/2.png", [1])
    try Refusal.expect(
      ["--source", folder("images")], "2.png", "cat/1.png", code: "invalidArgument", remedy: "move the former")
  }

  @Test func missingShardsOfARangeAreCountedAndNamed() throws {
    try Dataset.writeShard(folder("s-1.tar"), [])
    try Refusal.expect(
      ["--source", folder("s-{0..9}.tar")], "9 of 10 shards", folder("s-0.tar"), folder("s-2.tar"), "and more",
      code: "notFound", remedy: "check the path and the range")
  }

  @Test func patternWithStarIsExplained() throws {
    try Refusal.expect(
      ["--source", folder("s-*.tar")], folder("s-*.tar"), code: "notFound", remedy: "braces like {000..099}")
  }

  @Test func shardWithoutSamplesIsNamed() throws {
    try Dataset.writeShard(folder("none.tar"), [])
    try Refusal.expect(
      ["--source", folder("none.tar")], folder("none.tar"), "no sample", code: "notFound", remedy: "check --source")
  }

  @Test func textFileAsShardIsNamed() throws {
    let path = try folder.write("notes.tar", "some words\n".utf8)
    try Refusal.expect(
      ["--source", path], path, "byte 0", "a text file", code: "malformedShard", remedy: "give a tar or tar.zst file")
  }

  @Test func imageAsShardIsNamed() throws {
    let image = TestImage(width: 40, height: 40, storage: .rgb, seed: 1)
    let path = try folder.write("a.png", try image.png())
    try Refusal.expect(
      ["--source", path], path, "byte 0", "a PNG image", code: "malformedShard", remedy: "give a tar or tar.zst file")
  }

  @Test func emptyFileAsShardIsNamed() throws {
    let path = try folder.write("a.tar", [])
    try Refusal.expect(
      ["--source", path], path, "byte 0", "empty", code: "malformedShard", remedy: "fetch or write the shard again")
  }

  @Test func deviceOrFIFOAsShardIsNamed() throws {
    try Refusal.expect(
      ["--source", "/dev/zero"], "/dev/zero", "a device", code: "inputOutput", remedy: "write what it gives to a file")
    let path = folder("a.tar")
    try #require(unsafe mkfifo(path, 0o600) == 0)
    try Refusal.expect(
      ["--source", path], path, "a FIFO", code: "inputOutput", remedy: "write what it gives to a file")
    for path in [path, "/dev/zero"] {
      let outcome = try Executable.run("inspect", path)
      #expect(outcome.status == .exited(1))
      #expect(outcome.errorLine?.contains("\(path) failed: it is a") == true, "\(outcome)")
    }
  }

  /// It has the name of an image, so it is a sample; one that cannot be read.
  @Test func fifoAmongImagesIsNamed() throws {
    let png = try TestImage(width: 2, height: 2, storage: .gray, seed: 1).png()
    try folder.write("images/a.png", png)
    try #require(unsafe mkfifo(folder("images/b.png"), 0o600) == 0)
    try Refusal.expect(
      ["--source", folder("images")], folder("images/b.png"), "a FIFO", code: "inputOutput",
      remedy: "write what it gives to a file")
    let report = try Executable.report(["--source", folder("images"), "--max-failures", "1"])
    #expect(report.samples == 1)
    #expect(report.failures.map(\.path) == [folder("images/b.png")])
  }

  /// A newline or an escape sequence in a name neither breaks the line nor reaches the terminal.
  @Test func namesWithControlCharactersStayOnOneLine() throws {
    let name = "a\nb\u{1B}[2Jc.png"
    try folder.write("images/\(name)", [1, 2, 3])
    let outcome = try Executable.run("run", "--source", folder("images"))
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorLine?.contains(#"a\nb\u{1B}[2Jc.png"#) == true, "\(outcome)")
    let unknown = try Executable.run("ru\nn")
    #expect(unknown.errorLine?.contains(#"ru\nn"#) == true, "\(unknown)")
  }
}
