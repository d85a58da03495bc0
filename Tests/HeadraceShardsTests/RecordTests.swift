import Foundation
import HeadraceCore
import Testing

@testable import HeadraceShards

struct RecordTests {
  private let record = Record(
    sampleID: SampleID(key: "7", path: "a.tar", offset: 512),
    fields: [("png", [1, 2]), ("cls", Array(" 12\r\n".utf8)), ("txt", Array("naïve".utf8)), ("bad", [0xFF])])

  @Test func fieldsAreReadAsBytesTextAndNumbers() throws {
    #expect(record.fieldNames == ["png", "cls", "txt", "bad"])
    #expect(record.has("png") && !record.has("jpg"))
    #expect(try record.bytes("png") == [1, 2])
    #expect(try record.integer("cls") == 12)
    #expect(try record.text("txt") == "naïve")
    var changed = record
    changed.set("cls", to: Array("-3".utf8))
    changed.set("id", to: Array("+9".utf8))
    #expect(try changed.integer("cls") == -3)
    #expect(changed.fieldNames == ["png", "cls", "txt", "bad", "id"])
  }

  @Test func aMissingFieldListsThoseThatThereAre() throws {
    let error = try failure { _ = try record.bytes("jpg") }
    #expect(error.code == .missingField)
    #expect(
      error.description == "Record without field jpg: it has png, cls, txt, bad; ask for one of those, or check "
        + "has(\"jpg\"). If the sample's files do not follow each other, write the shard with tar --sort=name. [sample:"
        + " 7 (a.tar, offset 512)]"
    )
  }

  @Test(arguments: [
    ("", "not a whole number"), (" ", "not a whole number"), ("-", "not a whole number"), ("1.5", "not a whole number"),
    ("1 2", "not a whole number"), ("--1", "not a whole number"), ("x", "not a whole number"),
    ("99999999999999999999", "out of the range of a 64-bit integer"),
    (" +9223372036854775808 ", "out of the range of a 64-bit integer"),
    ("-9223372036854775809", "out of the range of a 64-bit integer"),
  ])
  func whatIsNoIntegerIsShownWithTheReason(_ text: String, _ reason: String) throws {
    var record = record
    record.set("cls", to: Array(text.utf8))
    let error = try failure { _ = try record.integer("cls") }
    #expect(error.code == .wrongType)
    #expect(
      error.message == "Field cls is \"\(text)\", \(reason); use text(\"cls\") or correct the data.")
    #expect(error.sample?.key == "7")
  }

  @Test(arguments: [Int.min, .max])
  func bothEndsOfTheRangeAreIntegers(_ value: Int) throws {
    var record = record
    record.set("cls", to: Array("\(value)\n".utf8))
    #expect(try record.integer("cls") == value)
  }

  @Test func whatIsNoTextSaysSo() throws {
    let error = try failure { _ = try record.text("bad") }
    #expect(error.code == .wrongType && error.message.contains("bytes(\"bad\")"))
  }

  @Test func aFileIsReadWhenItsFieldIsAskedForAndNotBefore() throws {
    let folder = try TemporaryFolder()
    try folder.write("cat/1.png", [1])
    var reader = try FolderSource(folder.path).makeReader(epoch: 0)
    let first = reader.next()
    let record = try #require(first)
    try folder.write("cat/1.png", [4, 5, 6])
    #expect(try record.bytes("png") == [4, 5, 6])
    #expect(record.fieldNames == ["png", "cls"])
    try FileManager.default.removeItem(atPath: folder.file("cat/1.png"))
    let error = try failure { _ = try record.bytes("png") }
    #expect(error.code == .notFound)
    #expect(error.sample == SampleID(key: "cat/1.png", path: folder.file("cat/1.png")))
    #expect(error.message.contains(folder.file("cat/1.png")))
  }

  @Test func aFileBeyondTheLimitIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("1.png", [UInt8](repeating: 1, count: 101))
    var reader = try FolderSource(folder.path, limits: ShardLimits(recordByteCount: 100)).makeReader(epoch: 0)
    let first = reader.next()
    let record = try #require(first)
    let error = try failure { _ = try record.bytes("png") }
    #expect(error.code == .limitExceeded)
    #expect(
      error.message == "File \(folder.file("1.png")) has 101 B, 1 B above the limit of 100 B; raise"
        + " ShardLimits.recordByteCount.")
  }
}
