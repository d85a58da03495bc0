import Foundation
import HeadraceCore
import Testing

@testable import HeadraceShards

/// Records in caches and quarantines.
@Suite struct RecordStorableTests {
  private let record = Record(
    sampleID: SampleID(key: "d/7", path: "a.tar", offset: 512),
    fields: [("png", [1, 2]), ("cls", []), ("seg.png", Array("text".utf8))])

  @Test func aRecordIsMadeAgainWithNameAndFields() throws {
    let again = try remade(record)
    #expect(again.sampleID == record.sampleID)
    #expect(again.fieldNames == ["png", "cls", "seg.png"])
    #expect(try again.fieldNames.map { try again.bytes($0) } == [[1, 2], [], Array("text".utf8)])
    #expect(try remade(Record(sampleID: SampleID(key: ""))).fieldNames == [])
  }

  @Test func aRecordOfFilesIsStoredWithTheirBytes() throws {
    let folder = try TemporaryFolder()
    try folder.write("cat/1.png", [4, 5, 6])
    var reader = try FolderSource(folder.path).makeReader(epoch: 0)
    let first = reader.next()
    let record = try #require(first)
    let again = try remade(record)
    #expect(record.byteCount == 1, "the label alone is in memory")
    try FileManager.default.removeItem(atPath: folder.file("cat/1.png"))
    #expect(try again.bytes("png") == [4, 5, 6])
    #expect(again.byteCount == 4)
    #expect(try failure { _ = try remade(record) }.code == .notFound)
  }

  @Test func eachCutOfAStoredRecordIsAnErrorOrARecordWithFewerFields() throws {
    var bytes: [UInt8] = []
    try record.store(into: &bytes)
    for count in 0..<bytes.count {
      do {
        let cut = try Record(storedBytes: Array(bytes[..<count]).span)
        #expect(record.fieldNames.starts(with: cut.fieldNames) && cut.fieldNames.count < 3)
      } catch let error as HeadraceError {
        #expect(error.code == .malformedCache)
      }
    }
  }

  @Test func aRecordCountsTheBytesOfItsFields() {
    #expect(record.byteCount == 6)
  }

  @Test func aRecordIsAFileForEachField() throws {
    let files = try record.inspectableFiles()
    #expect(files.map(\.name) == ["png", "cls", "seg.png"])
    #expect(files.map(\.bytes) == [[1, 2], [], Array("text".utf8)])
  }

  private func remade(_ record: Record) throws -> Record {
    var bytes: [UInt8] = []
    try record.store(into: &bytes)
    return try Record(storedBytes: bytes.span)
  }
}
