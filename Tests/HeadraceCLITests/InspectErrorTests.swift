import Testing

/// What `headrace inspect` cannot list: one line with path, offset and remedy, and nothing on standard output.
@Suite struct InspectErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func missingPathIsNamed() throws {
    try expect(folder("nothing"), "No such file or directory", "check the path")
  }

  @Test func emptyFolderIsNamed() throws {
    try expect(try folder.folder("empty"), "it is empty", "one subfolder of images per class was expected")
  }

  @Test func folderOfTextFilesIsNamed() throws {
    try folder.write("texts/a.txt", [1])
    try expect(folder("texts"), "1 .txt", "one subfolder of images per class was expected")
  }

  @Test func textFileIsNamed() throws {
    try expect(try folder.write("a.txt", "text".utf8), "byte 0", "a text file", "give a tar or tar.zst file")
  }

  @Test func imageIsNamed() throws {
    let png = try TestImage(width: 3, height: 3, storage: .rgb, seed: 1).png()
    try expect(try folder.write("a.png", png), "byte 0", "a PNG image", "give a tar or tar.zst file")
  }

  @Test func tarCutAtEveryBlockIsNamedWithTheByte() throws {
    let path = try Dataset(count: 3).write(.tar, to: folder)
    let bytes = try folder.read("images.tar")
    for count in stride(from: 512, to: bytes.count, by: 512) {
      try folder.write("images.tar", bytes[..<count])
      try expect(path, "byte ", "cut short", "fetch or write the shard again")
    }
  }

  @Test func compressedTarCutIsNamedWithBothBytes() throws {
    let path = try Dataset(count: 3).write(.zstd, to: folder)
    let bytes = try folder.read("images.tar.zst")
    for count in stride(from: 4, to: bytes.count, by: 61) {
      try folder.write("images.tar.zst", bytes[..<count])
      try expect(path, "uncompressed stream (byte \(count) of the file)", "fetch or write the shard again")
    }
  }

  /// Names in a shard may hold anything; the table shows them in one line each, without moving the cursor.
  @Test func controlCharactersInNamesAreShownEscaped() throws {
    let path = folder("a.tar")
    try Dataset.writeShard(path, [("a\n\u{1B}[2J", [("txt", [])])])
    let outcome = try Executable.run("inspect", path)
    #expect(outcome.output.contains(#"a\n\u{1B}[2J.txt"#), "\(outcome)")
    #expect(!outcome.output.contains("\u{1B}"))
    try folder.write("train/b\u{1B}[2J/1.png", [1])
    #expect(!(try Executable.run("inspect", folder("train")).output.contains("\u{1B}")))
  }

  private func expect(
    _ path: String, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for words in [[], ["--json"]] {
      let outcome = try Executable.run(["inspect", path] + words)
      #expect(outcome.status == .exited(1), sourceLocation: sourceLocation)
      #expect(outcome.output == "", sourceLocation: sourceLocation)
      for part in parts + [path] {
        #expect(outcome.errorLine?.contains(part) == true, "\(part) in: \(outcome)", sourceLocation: sourceLocation)
      }
      Refusal.expectCommandWords(outcome.errors, sourceLocation)
    }
  }
}
