import Foundation
import Testing

/// What `headrace inspect` cannot list, or not to its end: one line with path, offset and remedy.
@Suite struct InspectErrorTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func missingPathIsNamed() throws {
    try expect(folder("nothing"), "\(folder("nothing")) does not exist; ", "check the path")
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
      try expect(path, "byte ", "cut short", "fetch or write the shard again", listing: " before the damage, ")
    }
  }

  @Test func aContactSheetThatCannotGetItsNameLeavesNothing() throws {
    let source = try Dataset(count: 3).write(.tar, to: folder)
    let sheets = try folder.folder("sheets")
    // Of somebody else, and a folder where the sheet is to be.
    try folder.write("sheets/first.png.tmp", [1])
    let path = try folder.folder("sheets/first.png")
    let outcome = try Executable.run("inspect", source, "--contact-sheet", path)
    #expect(outcome.status == .exited(1) && outcome.errorLine?.contains(path) == true, "\(outcome)")
    let names = try FileManager.default.contentsOfDirectory(atPath: sheets).sorted()
    #expect(names == ["first.png", "first.png.tmp"])
  }

  /// Of a download that stopped, what has come is of use; that it is not all must be seen.
  @Test func whatIsBeforeTheDamageIsListedAndTheStatusIsOne() throws {
    let path = folder("a.tar")
    try Dataset.writeShard(path, [("0", [("txt", [1]), ("cls", [0x30])]), ("1", [("txt", [1]), ("cls", [0x30])])])
    // The third of four headers, and its data missing.
    try folder.write("a.tar", try folder.read("a.tar").prefix(5 * 512))
    let outcome = try Executable.run("inspect", path)
    #expect(outcome.status == .exited(1))
    #expect(
      outcome.output == """
        \(path): 2 samples in 3 members before the damage, 2.6 kB
        fields: txt in 2, cls in 1
        incomplete: 1 sample lacks a field that others have

        member  kind  bytes  offset  field
        0.txt   file      1       0    txt
        0.cls   file      1   1,024    cls
        1.txt   file      1   2,048    txt

        """)
    #expect(outcome.errorLine?.hasPrefix("Shard \(path), byte 2560: ") == true, "\(outcome)")
    let json = try Executable.run("inspect", path, "--json")
    #expect(json.status == .exited(1))
    #expect(json.output.contains(#""member_count":3,"#))
    #expect(json.output.contains(#""error":"Shard \#(path), byte 2560: "#), "\(json)")
  }

  @Test func compressedTarCutIsNamedWithBothBytes() throws {
    let path = try Dataset(count: 3).write(.zstd, to: folder)
    let bytes = try folder.read("images.tar.zst")
    for count in stride(from: 4, to: bytes.count, by: 61) {
      try folder.write("images.tar.zst", bytes[..<count])
      try expect(
        path, "uncompressed stream (byte \(count) of the file)", "fetch or write the shard again",
        listing: " before the damage, ")
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

  /// - Parameter listing: what may be on standard output, if anything was read before the error.
  private func expect(
    _ path: String, _ parts: String..., listing: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for words in [[], ["--json"]] {
      let outcome = try Executable.run(["inspect", path] + words)
      #expect(outcome.status == .exited(1), sourceLocation: sourceLocation)
      if outcome.output != "" {
        let part = words.isEmpty ? listing : listing.map { _ in #""error":"Shard \#(path), "# }
        #expect(outcome.output.contains(part ?? "nothing"), "\(outcome)", sourceLocation: sourceLocation)
      }
      for part in parts + [path] {
        #expect(outcome.errorLine?.contains(part) == true, "\(part) in: \(outcome)", sourceLocation: sourceLocation)
      }
      Refusal.expectCommandWords(outcome.errors, sourceLocation)
    }
  }
}
