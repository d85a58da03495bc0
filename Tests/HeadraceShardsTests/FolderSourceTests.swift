import Foundation
import HeadraceCore
import Testing

@testable import HeadraceShards

struct FolderSourceTests {
  private func records(_ source: FolderSource) -> [Record] {
    var reader = source.makeReader(epoch: 0)
    var records: [Record] = []
    while let record = reader.next() { records.append(record) }
    return records
  }

  @Test func subfoldersAreClassesLabelledInTheOrderOfTheirNames() throws {
    let folder = try TemporaryFolder()
    for name in [
      "dog/2.png", "dog/10.PNG", "cat/b/1.png", "cat/z.png", "cat/.h.png", "cat/a.txt", ".git/x.png", "Ant/1.png",
    ] {
      try folder.write(name)
    }
    let source = try FolderSource(folder.path)
    #expect(source.classNames == ["Ant", "cat", "dog"])
    #expect(source.classCounts == [1, 2, 2])
    #expect(source.count == 5)
    let records = records(source)
    #expect(records.map(\.sampleID.key) == ["Ant/1.png", "cat/b/1.png", "cat/z.png", "dog/10.PNG", "dog/2.png"])
    #expect(try records.map { try $0.integer("cls") } == [0, 1, 1, 2, 2])
    #expect(records.allSatisfy { $0.has("png") })
  }

  @Test func pathsAreSortedByTheirBytesAndClassesByTheirNames() throws {
    let folder = try TemporaryFolder()
    let paths = [
      "a/1.png", "a-b/1.png", "a/b/1.png", "a/b-c/1.png", "a/b.png", "Z/1.png", "é/1.png", "z/1.png", "z/😀.png",
      "z/ﬀ.png",
    ]
    for path in paths { try folder.write(path) }
    let source = try FolderSource(folder.path)
    let sorted = paths.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    #expect(records(source).map(\.sampleID.key) == sorted)
    #expect(source.classNames == ["Z", "a", "a-b", "z", "é"])
    #expect(try records(source).map { try $0.integer("cls") } == [0, 2, 1, 1, 1, 1, 3, 3, 3, 4])
  }

  @Test func aFlatFolderHasNoLabels() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "a.jpg", "c.txt", "docs/readme.txt"] { try folder.write(name) }
    let source = try FolderSource(folder.path + "/", extensions: [".JPG", "png"])
    let records = records(source)
    #expect(records.map(\.fieldNames) == [["jpg"], ["png"]])
    #expect(records[0].sampleID.path == folder.file("a.jpg"))
    #expect(source.classNames == [] && source.classCounts == [])
    #expect(try records[0].bytes("jpg") == [1])
  }

  @Test func sourcesThatTakeOtherFilesOfOneFolderHaveOtherFingerprints() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "a.json", "b.png", "b.json"] { try folder.write(name) }
    let images = try FolderSource(folder.path, extensions: ["png"])
    let texts = try FolderSource(folder.path, extensions: ["json"])
    #expect(images.count == texts.count && images.fingerprint != texts.fingerprint)
    #expect(images.fingerprint == "folder \"\(folder.path)\" of 2 \"png\"")
    let both = try FolderSource(folder.path, extensions: ["png", "json"]).fingerprint
    #expect(try FolderSource(folder.path, extensions: [".JSON", "png", "png"]).fingerprint == both)
  }

  @Test func imagesBesideAndInSubfoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    for name in ["b.png", "cat/1.png"] { try folder.write(name) }
    let error = try failure { _ = try FolderSource(folder.path) }
    #expect(error.code == .invalidArgument)
    #expect(error.message.contains("(b.png)") && error.message.contains("(cat/1.png)"))
  }

  @Test func whatIsNoFolderOfImagesIsOneErrorThatSaysWhy() throws {
    let folder = try TemporaryFolder()
    #expect(
      try notFound(folder.path).hasSuffix(
        "has no file with .png: it is empty; one subfolder of images per class was expected, or images alone."))
    #expect(
      try notFound(folder.file("none")).hasPrefix("Folder \(folder.file("none")) does not exist; check the path,"))
    for name in ["a.txt", "x/b.txt", "c.jpg", "LICENSE"] { try folder.write(name) }
    #expect(try notFound(folder.path).contains("it has 4 other files (2 .txt, 1 without extension, 1 .jpg)"))
    #expect(try notFound(folder.file("a.txt")).contains("is a file, not a folder"))
    try folder.write("cat/1.png")
    #expect(try notFound(folder.path).hasPrefix("Class folder \(folder.file("x")) has no file with .png"))
    let none = try failure { _ = try FolderSource(folder.path, extensions: []) }
    #expect(none.code == .invalidArgument)
  }

  private func notFound(_ path: String) throws -> String {
    let error = try failure { _ = try FolderSource(path) }
    #expect(error.code == .notFound)
    return error.message
  }

  @Test func linksAreFollowedButNotInCircles() throws {
    let folder = try TemporaryFolder()
    let other = try TemporaryFolder()
    try other.write("1.png")
    try folder.write("dog/1.png")
    let manager = FileManager.default
    try manager.createSymbolicLink(atPath: folder.file("cat"), withDestinationPath: other.path)
    #expect(try FolderSource(folder.path).classNames == ["cat", "dog"])
    try manager.createSymbolicLink(atPath: folder.file("dog/up"), withDestinationPath: folder.path)
    let error = try failure { _ = try FolderSource(folder.path) }
    #expect(error.code == .invalidArgument && error.message.contains(folder.file("dog/up")))
  }

  @Test func aNameThatIsNotUTF8IsRefusedIfItIsAnImage() throws {
    let folder = try TemporaryFolder()
    try folder.write("cat/1.png")
    func create(_ name: [UInt8]) {
      let path = Array(folder.file("cat/").utf8) + name + [0]
      let file = unsafe path.withUnsafeBytes { unsafe fopen($0.bindMemory(to: CChar.self).baseAddress!, "w") }
      if let file = unsafe file { _ = unsafe fclose(file) }
    }
    create([0xFF] + Array(".txt".utf8))
    #expect(try FolderSource(folder.path).count == 1)
    create([0xFF] + Array(".png".utf8))
    let error = try failure { _ = try FolderSource(folder.path) }
    #expect(error.code == .invalidArgument && error.message.contains("is not UTF-8; rename it."))
  }

  @Test func aLinkThatLeadsNowhereIsAnErrorOfTheStageThatReadsIt() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.file("1.png"), withDestinationPath: "nowhere")
    let record = try #require(records(try FolderSource(folder.path)).first)
    #expect(try failure { _ = try record.bytes("png") }.code == .notFound)
  }
}
