import Foundation
import HeadraceCore
import Testing

@testable import HeadraceShards

struct ShardWriterTests {
  private static let compressions: [ShardCompression] = [.plain, .zstd(level: 3), .zstd(level: -5)]

  @Test(arguments: compressions)
  func whatIsWrittenIsReadBackAtEverySizeAroundABlock(_ compression: ShardCompression) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.tar")
    let sizes = [0, 1, 2, 510, 511, 512, 513, 514, 1023, 1024, 1025, 65536, 1 << 20, (1 << 20) + 1]
    var writer = try ShardWriter(path: path, compression: compression)
    for size in sizes {
      let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ ($0 >> 8)) }
      try writer.append(key: "k/\(size)", fields: [("bin", data), ("seg.txt", Array("\(size)".utf8))])
    }
    #expect(writer.sampleCount == sizes.count)
    try writer.finish()
    let (records, errors) = try readAll([path])
    #expect(errors.isEmpty)
    #expect(records.map(\.sampleID.key) == sizes.map { "k/\($0)" })
    for (record, size) in zip(records, sizes) {
      #expect(try record.bytes("bin") == (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ ($0 >> 8)) })
      #expect(try record.integer("seg.txt") == size)
    }
    #expect(try folder.names() == ["a.tar"])
  }

  @Test func namesOfAnyLengthAreReadBack() throws {
    let folder = try TemporaryFolder()
    var keys: [String] = []
    for length in [1, 95, 96, 97, 99, 100, 101, 255, 256, 257, 300, 5000] {
      keys.append(String(repeating: "n", count: length))
      keys.append(String(repeating: "d", count: length) + "/x")
      keys.append(String(repeating: "ü/", count: length) + "é")
    }
    keys = keys.enumerated().map { "\($0.offset)\($0.element)" }
    var writer = try ShardWriter(path: folder.file("a.tar"))
    for key in keys { try writer.append(key: key, fields: [("txt", Array(key.utf8))]) }
    try writer.finish()
    let (records, errors) = try readAll([folder.file("a.tar")])
    #expect(errors.isEmpty)
    #expect(records.map(\.sampleID.key) == keys)
    #expect(try records.map { try $0.text("txt") } == keys)
  }

  @Test(arguments: compressions)
  func theSameRecordsGiveTheSameBytes(_ compression: ShardCompression) throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] {
      var writer = try ShardWriter(path: folder.file(name), compression: compression)
      try writer.append(key: "1", fields: [("txt", Array("text".utf8))])
      try writer.finish()
    }
    #expect(try folder.read("a") == folder.read("b"))
  }

  @Test func otherProgramsReadWhatIsWritten() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "l", count: 120)
    var writer = try ShardWriter(path: folder.file("a.tar"))
    try writer.append(key: "d/1", fields: [("png", [1, 2, 3]), ("cls", Array("3".utf8))])
    try writer.append(key: long, fields: [("txt", Array("long".utf8))])
    try writer.finish()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/tar")
    process.arguments = ["-tvf", folder.file("a.tar"), "--utc"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.map(\.last) == ["d/1.png", "d/1.cls", "\(long).txt"])
    #expect(lines.map { $0[2] } == ["3", "1", "4"])
    #expect(lines.allSatisfy { $0[0] == "-rw-r--r--" && $0[1] == "0/0" && $0[3] == "1970-01-01" })
  }

  @Test func anUnfinishedShardLeavesNothingBehind() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.tar", [9])
    func abandon() throws {
      var writer = try ShardWriter(path: folder.file("a.tar"), compression: .zstd(level: 1))
      try writer.append(key: "1", fields: [("txt", [1])])
      #expect(try folder.names().count == 2)
    }
    try abandon()
    #expect(try folder.names() == ["a.tar"])
    #expect(try folder.read("a.tar") == [9])
  }

  @Test(
    arguments: [
      ("1", []), ("1.5", ["png"]), ("", ["png"]), (".a", ["png"]), ("a", ["PNG"]), ("a", [""]), ("a", ["x/y"]),
      ("a", ["png", "png"]), ("__a__/x", ["txt"]), ("a\0b", ["txt"]), ("./a", ["txt"]), ("before", ["txt"]),
      ("d/", ["txt"]),
    ] as [(String, [String])])
  func aSampleThatWouldNotBeReadBackIsRefused(_ key: String, _ names: [String]) throws {
    let folder = try TemporaryFolder()
    var writer = try ShardWriter(path: folder.file("a.tar"))
    try writer.append(key: "before", fields: [("txt", [1])])
    var thrown: HeadraceError?
    do throws(HeadraceError) { try writer.append(key: key, fields: names.map { ($0, [1]) }) } catch { thrown = error }
    #expect(thrown?.code == .invalidArgument)
    try writer.append(key: "after", fields: [("txt", [1])])
    try writer.finish()
    #expect(try readAll([folder.file("a.tar")]).0.map(\.sampleID.key) == ["before", "after"])
  }

  @Test func mistakesOfTheCallerAreNamed() throws {
    let folder = try TemporaryFolder()
    let level = try failure { _ = try ShardWriter(path: folder.file("a"), compression: .zstd(level: 99)) }
    #expect(level.code == .invalidArgument && level.message.contains("level 99"))
    let missing = try failure { _ = try ShardWriter(path: folder.file("none/a.tar")) }
    #expect(missing.code == .notFound && missing.message.contains(folder.file("none/")))
    #expect(try folder.names() == [])
  }

  @Test func aFolderIsPackedRecordByRecord() throws {
    let folder = try TemporaryFolder()
    try folder.write("in/cat/1.png", [1, 2])
    try folder.write("in/dog/2.png", [3])
    var reader = try FolderSource(folder.file("in")).makeReader(epoch: 0)
    var writer = try ShardWriter(path: folder.file("a.tar.zst"), compression: .zstd(level: 3))
    while let record = reader.next() {
      let key = String(record.sampleID.key.dropLast(4))
      try writer.append(key: key, fields: [("png", record.bytes("png")), ("cls", record.bytes("cls"))])
    }
    try writer.finish()
    let listing = try ShardListing(folder.file("a.tar.zst"))
    #expect(listing.compression == .zstd && listing.sampleCount == 2)
    #expect(listing.fields == [FieldCount(name: "png", count: 2), FieldCount(name: "cls", count: 2)])
    #expect(listing.members.map(\.name) == ["cat/1.png", "cat/1.cls", "dog/2.png", "dog/2.cls"])
    #expect(listing.members.map(\.offset) == [0, 1024, 2048, 3072])
    #expect(
      listing.members[3]
        == ShardMember(name: "dog/2.cls", byteCount: 1, offset: 3072, kind: .file, key: "dog/2", field: "cls"))
    #expect(listing.streamByteCount == 5120)
    #expect(try listing.fileByteCount == folder.read("a.tar.zst").count)
  }

  @Test func aListingShowsWhatIsNoFieldToo() throws {
    let folder = try TemporaryFolder()
    let listing = try ShardListing(try folder.write("p.tar.zst", TarFixtures.bytes("pythonGNU")))
    #expect(listing.members.map(\.kind) == [.folder, .file, .file, .file, .file, .file, .link])
    #expect(listing.members.last?.key == nil)
    #expect(listing.sampleCount == 3)
    #expect(listing.streamByteCount == 10240)
    let error = try failure {
      _ = try ShardListing(try folder.write("cut", Array(TarFixtures.bytes("gnuV7").prefix(30))))
    }
    #expect(error.code == .malformedShard)
  }

  @Test func aListingOfADamagedShardHasWhatCameBeforeAndTheError() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.tar", Array(Archive.small.bytes.dropLast(1024)))
    let listing = try ShardListing(path)
    #expect(listing.error?.code == .malformedShard)
    #expect(listing.sampleCount == 2 && listing.members.count == 4)
    #expect(try ShardListing(try folder.write("b.tar", Archive.small.bytes)).error == nil)
  }
}
