import HeadraceCore
import Testing

@testable import HeadraceShards

struct CorruptionTests {
  @Test func noFlippedBitOfATarCrashesOrHidesInAHeader() {
    let bytes = Archive.small.bytes
    let whole = Outcome(bytes).text
    for index in bytes.indices {
      for mask: UInt8 in [1, 0x80] {
        var damaged = bytes
        damaged[index] ^= mask
        let outcome = Outcome(damaged)
        // Tar has no checksum over data, and one bit of a header always shows in its sum.
        if index < 512 && !(148..<156).contains(index) { #expect(outcome.error != nil, "byte \(index)") }
        if let error = outcome.error {
          #expect([.malformedShard, .limitExceeded].contains(error.code))
        } else if outcome.text == whole {
          // The checksum's own padding and the blocks' padding carry nothing.
          #expect(!(0..<148).contains(index))
        }
      }
    }
  }

  @Test func everyFlippedBitOfATarZstIsAnErrorOrHarmless() throws {
    let tar = Archive.small.bytes
    let bytes = try zstd(tar)
    let whole = Outcome(tar).text
    for index in bytes.indices {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        let outcome = Outcome(damaged)
        if let error = outcome.error {
          #expect([.malformedShard, .limitExceeded].contains(error.code))
          #expect(error.message.contains("memory.tar"))
        } else {
          #expect(outcome.text == whole, "byte \(index), bit \(bit): the checksum of the contents must notice")
        }
      }
    }
  }

  @Test func corruptionBehindTheEndOfTheArchiveStillShows() throws {
    var bytes = try zstd(Archive.small.bytes + [UInt8](repeating: 0, count: 8192))
    bytes[bytes.count - 1] ^= 0xFF
    let error = Outcome(bytes).error
    #expect(error?.code == .malformedShard)
    #expect(error?.message.contains("checksum") == true, "\(error?.message ?? "")")
    #expect(Outcome(try zstd(Archive.small.bytes) + Array("trailing".utf8)).error?.code == .malformedShard)
  }

  /// ä.png and ö.cls in Latin-1, by each way to write a name: with the bytes repaired both would be one sample.
  @Test(arguments: ["ustar", "pax", "GNU"]) func aNameThatIsNotUTF8IsAnErrorRatherThanAnothersName(format: String) {
    func name(_ letter: UInt8, _ field: String) -> [UInt8] { [letter] + Array(".\(field)".utf8) }
    var archive = Archive()
    for (name, data) in [(name(0xE4, "png"), [1]), (name(0xF6, "cls"), [0x33])] as [([UInt8], [UInt8])] {
      switch format {
      case "pax":
        let record = Array(" path=".utf8) + name + [0x0A]
        archive.add("x", type: "x", data: Array("\(record.count + 2)".utf8) + record)
        archive.add("short.png", data)
      case "GNU":
        archive.add("x", type: "L", data: name + [0])
        archive.add("short.png", data)
      default:
        archive.add("short.png", type: "0", data: data) { $0.replaceSubrange(0..<9, with: name + [0, 0, 0, 0]) }
      }
    }
    archive.end()
    let outcome = Outcome(archive.bytes)
    #expect(outcome.records.isEmpty)
    #expect(outcome.error?.code == .malformedShard)
    #expect(
      outcome.error?.message.hasSuffix(
        "the name of member \u{FFFD}.png is not UTF-8; rename the file and write the shard again.") == true,
      "\(outcome.error?.message ?? "")")
  }

  @Test func twoWaysToWriteALetterAreTwoSamplesAndTwoFields() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    var archive = Archive()
    archive.add("\(composed).png", [1])
    archive.add("\(decomposed).png", [2])
    archive.add("\(decomposed).\(composed)", [3])
    archive.add("\(decomposed).\(decomposed)", [4])
    archive.end()
    let outcome = Outcome(archive.bytes)
    #expect(outcome.error == nil)
    #expect(outcome.records.map { Array($0.sampleID.key.utf8) } == [Array(composed.utf8), Array(decomposed.utf8)])
    let second = try #require(outcome.records.last)
    #expect(try second.bytes(composed) == [3] && second.bytes(decomposed) == [4])

    let folder = try TemporaryFolder()
    var writer = try ShardWriter(path: folder.file("a.tar"))
    try writer.append(key: composed, fields: [("png", [1])])
    try writer.append(key: decomposed, fields: [("png", [2]), (composed, [3]), (decomposed, [4])])
    try writer.finish()
    let listing = try ShardListing(folder.file("a.tar"))
    #expect(listing.sampleCount == 2 && listing.fields.map(\.count) == [2, 1, 1])
  }

  @Test(arguments: [0, 512, 8192]) func archivesJoinedByCatAreAnErrorAtTheEndOfTheFirst(padding: Int) throws {
    let first = Archive.small.bytes + [UInt8](repeating: 0, count: padding)
    let alone = Outcome(Archive.small.bytes)
    for bytes in [first + Archive.small.bytes, try zstd(first) + zstd(Archive.small.bytes)] {
      let outcome = Outcome(bytes)
      // The last sample is not told to be whole before the end has been seen.
      #expect(outcome.records.count == alone.records.count - 1)
      #expect(outcome.error?.code == .malformedShard)
      #expect(outcome.error?.message.contains("byte \(first.count)") == true, "\(outcome.error?.message ?? "")")
      #expect(
        outcome.error?.message.hasSuffix(
          "another tar stream follows the end of the first, as in shards joined with cat; give each shard as a file of"
            + " its own, or join them with tar --concatenate.") == true)
    }
  }

  @Test(arguments: [1, 511, 512, 513, 4096]) func otherBytesAfterTheEndAreIgnored(count: Int) {
    let alone = Outcome(Archive.small.bytes)
    let outcome = Outcome(Archive.small.bytes + (0..<count).map { UInt8($0 % 251 + 1) })
    #expect(outcome.error == nil && outcome.text == alone.text)
  }

  @Test func aWindowBeyondTheLimitSaysWhichOptionToRaise() throws {
    let tar = Archive.small.bytes
    // A frame of one raw block whose header asks for a window of 2^28 bytes (RFC 8878, section 3.1.1.1.2).
    let block = (tar.count << 3) | 1
    let size = [UInt8(block & 0xFF), UInt8(block >> 8 & 0xFF), UInt8(block >> 16)]
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, (28 - 10) << 3] + size + tar
    let error = Outcome(frame).error
    #expect(error?.code == .limitExceeded)
    #expect(error?.message.contains("more than 2^27 bytes; raise ShardLimits.zstdWindowLog") == true)
    let wide = Outcome(frame, limits: ShardLimits(zstdWindowLog: 28))
    #expect(wide.error == nil && wide.text == Outcome(tar).text)
  }

  @Test func aFrameThatNeedsADictionaryIsRefused() {
    // Frame header with a one-byte dictionary id (RFC 8878, section 3.1.1.1.1).
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x01, 0x38, 7, 0x01, 0, 0]
    let error = Outcome(frame).error
    #expect(error?.code == .malformedShard)
    #expect(error?.message.contains("zstd says: Dictionary") == true, "\(error?.message ?? "")")
  }
}
