import HeadraceCore
import Testing

@testable import HeadraceShards

struct TarReaderTests {
  /// Names, sizes and kinds of all members.
  private func members(_ archive: Archive) throws -> [TarMember] {
    var tar = TarReader(MemoryStream(archive.bytes))
    var members: [TarMember] = []
    while let member = try tar.next() { members.append(member) }
    return members
  }

  @Test func gnuLongNamesApplyToTheNextMemberOnly() throws {
    let name = String(repeating: "x", count: 300) + ".png"
    var archive = Archive()
    archive.add("././@LongLink", type: "K", data: Array("target\0".utf8))
    archive.add("././@LongLink", type: "L", data: Array(name.utf8) + [0])
    archive.add("short", [5, 6])
    archive.add("next.png", [7])
    archive.end()
    let members = try members(archive)
    #expect(members.map(\.name) == [name, "next.png"])
    #expect(members.map(\.offset) == [0, 6 * 512], "the first header that belongs to the member counts")
    #expect(members.map(\.dataOffset) == [5 * 512, 7 * 512])
  }

  @Test func paxRecordsApplyOnceAndGlobalOnesUntilReplaced() throws {
    var archive = Archive()
    archive.add("g", type: "g", data: Array("20 path=every/1.png\n16 comment=none\n".utf8))
    archive.add("a.png", [1])
    archive.add("x", type: "x", data: Array("15 path=ü.png\n".utf8) + Array("10 size=3\n".utf8))
    archive.add("b.png", type: "0", data: [1, 2, 3]) { $0.replaceSubrange(124..<135, with: Array("00000000000".utf8)) }
    archive.add("c.png", [1])
    archive.add("x", type: "x", data: Array("8 path=\n".utf8))
    archive.add("d.png", [1])
    archive.end()
    let members = try members(archive)
    #expect(members.map(\.name) == ["every/1.png", "ü.png", "every/1.png", "d.png"])
    #expect(members.map(\.size) == [1, 3, 1, 1])
  }

  @Test(arguments: ["1", "2", "3", "4", "5", "6", "V"] as [Character])
  func whatIsNoFileIsSkipped(_ type: Character) throws {
    var archive = Archive()
    archive.add("0001.png", [1])
    archive.add("0001.cls", type: type)
    archive.add("0001.txt", [2])
    archive.end()
    let outcome = Outcome(archive.bytes)
    #expect(outcome.error == nil)
    #expect(outcome.records.map(\.fieldNames) == [["png", "txt"]])
  }

  @Test func theOldUnixFormatIsRead() throws {
    var archive = Archive()
    archive.add("folder.d/", type: "0") { $0.replaceSubrange(156..<265, with: repeatElement(0, count: 109)) }
    archive.add("0001.png", type: "0", data: [1]) { $0.replaceSubrange(156..<265, with: repeatElement(0, count: 109)) }
    archive.end()
    #expect(try members(archive).map(\.type) == [.folder, .file])
  }

  @Test func sumsOfSignedBytesAreAcceptedToo() throws {
    var archive = Archive()
    archive.add("ü.png", [1])
    archive.end()
    archive.bytes.replaceSubrange(0..<512, with: Archive.withChecksum(Array(archive.bytes[..<512]), signed: true))
    #expect(Outcome(archive.bytes).records.map(\.sampleID.key) == ["ü"])
  }

  @Test func aWrongChecksumIsNamedWithItsOffset() {
    var bytes = Archive.small.bytes
    bytes[1536 + 2] ^= 1
    let error = Outcome(bytes).error
    #expect(error?.code == .malformedShard)
    #expect(error?.message.hasPrefix("Shard memory.tar, byte 1536: a tar header's checksum is ") == true)
    #expect(error?.sample == SampleID(key: "0001", path: "memory.tar", offset: 0))
  }

  @Test(arguments: [
    ([0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], HeadraceError.Code.limitExceeded),
    ([0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .limitExceeded),
    ([0x80, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .limitExceeded),
    ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE], .malformedShard),
    (Array("77777777777\0".utf8), .limitExceeded),
    (Array("7777777777x\0".utf8), .malformedShard),
    // Below the limit: grows with the data, of which there are none.
    (Array("01777777000\0".utf8), .malformedShard),
  ])
  func aClaimedSizeIsCheckedBeforeItIsBelieved(_ size: [UInt8], _ code: HeadraceError.Code) {
    var archive = Archive()
    archive.add("1.png", type: "0") { $0.replaceSubrange(124..<136, with: size) }
    archive.end()
    #expect(Outcome(archive.bytes).error?.code == code)
  }

  @Test func sizesInBase256AreRead() {
    var archive = Archive()
    archive.add("1.png", type: "0", data: [1, 2, 3]) {
      $0.replaceSubrange(124..<136, with: [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
    }
    archive.end()
    #expect(Outcome(archive.bytes).text == "1@0: png=[1, 2, 3]")
  }

  /// Of fields that are small each: their sum counts, and that of each sample by itself.
  @Test func fieldsOfOneSampleAreLimitedTogether() {
    // 513 bytes of png and 1 of cls, and two names of three letters.
    let outcome = Outcome(Archive.small.bytes, limits: ShardLimits(recordByteCount: 519))
    #expect(
      outcome.error?.description
        == "Shard memory.tar, byte 1536: with 0001.cls sample 0001 has 520 B, 1 B above the limit of 519 B; raise "
        + "ShardLimits.recordByteCount, or write the shard again with smaller samples. [sample: 0001 (memory.tar,"
        + " offset 0)]"
    )
    #expect(Outcome(Archive.small.bytes, limits: ShardLimits(recordByteCount: 520)).error == nil)
    var many = Archive()
    for key in 0..<50 { many.add("\(key).png", [UInt8](repeating: 1, count: 100)) }
    many.end()
    #expect(Outcome(many.bytes, limits: ShardLimits(recordByteCount: 103)).records.count == 50)
  }

  /// The stream ends right behind the header: were the memory taken first, this would end the process or be cut short.
  @Test func aSizeBeyondTheLimitIsRefusedBeforeMemoryIsTaken() {
    let largest = [0x80, 0, 0, 0, 0x7F] + [UInt8](repeating: 0xFF, count: 7)
    for (digits, size) in [(Array("77777777777".utf8), "8.6 GB"), (largest, "9,223,372 TB")] {
      var archive = Archive()
      archive.add("1.cls", [1])
      archive.add("1.png", type: "0") { $0.replaceSubrange(124..<(124 + digits.count), with: digits) }
      let error = Outcome(archive.bytes).error
      #expect(error?.code == .limitExceeded)
      #expect(error?.message.contains("with 1.png sample 1 has \(size), ") == true, "\(error as Any)")
    }
  }

  @Test func hugeExtensionHeadersAndSparseFilesAreRefused() {
    var names = Archive()
    names.add("n", type: "L") { $0.replaceSubrange(124..<135, with: Array("77777777777".utf8)) }
    #expect(
      Outcome(names.bytes).error?.message.contains("claims 8.6 GB; names and records have at most 1.0 MB") == true)
    var sparse = Archive()
    sparse.add("x", type: "x", data: Array("22 GNU.sparse.major=1\n".utf8))
    sparse.add("1.png", [1])
    sparse.end()
    #expect(Outcome(sparse.bytes).error?.message.contains("--sparse") == true)
  }

  @Test(arguments: [
    "8 path=a\n", "999999 path=a\n", "path=a\n", "11 patha.b\n", "99999999999999999999 path=a\n", "-1 a=b\n",
  ])
  func aMalformedPaxRecordIsOneError(_ records: String) {
    var archive = Archive()
    archive.add("x", type: "x", data: Array(records.utf8))
    archive.add("1.png", [1])
    archive.end()
    #expect(Outcome(archive.bytes).error?.message.contains("a pax header") == true)
  }

  @Test func endBlocksEndTheArchiveWhateverFollows() {
    let bytes = Archive.small.bytes
    #expect(Outcome(bytes + Array("not a tar header".utf8)).text == Outcome(bytes).text)
    var gap = Archive.small.bytes
    gap.replaceSubrange(1536..<2048, with: repeatElement(0, count: 512))
    #expect(Outcome(gap).error?.message.contains("byte 1536: a block of zeros in place of a header") == true)
  }

  @Test func anEmptyArchiveHasNoRecords() {
    let outcome = Outcome([UInt8](repeating: 0, count: 10240))
    #expect(outcome.error == nil && outcome.records.isEmpty)
  }
}
