import HeadraceCore
import Testing

@testable import HeadraceShards

struct SplitTests {
  @Test func readsMaySplitATarAnywhere() {
    let bytes = Archive.small.bytes
    let whole = Outcome(bytes).text
    for split in 1..<bytes.count { #expect(Outcome(bytes, pieces: [split, .max]).text == whole, "split at \(split)") }
    for size in [1, 2, 3, 511, 512, 513] { #expect(Outcome(bytes, pieces: [size]).text == whole, "pieces of \(size)") }
  }

  @Test func readsMaySplitATarZstAnywhere() throws {
    let tar = Archive.small.bytes
    let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9]
    let bytes = skippable + (try zstd(Array(tar[..<1000]))) + skippable + (try zstd(Array(tar[1000...]), level: 19))
    let whole = Outcome(tar).text
    for split in 1..<bytes.count {
      let outcome = Outcome(bytes, pieces: [split, .max])
      #expect(outcome.text == whole && outcome.error == nil, "split at \(split)")
    }
    #expect(Outcome(bytes, pieces: [1]).text == whole)
  }

  @Test func fieldsLargerThanTheBufferAreRead() throws {
    let large = (0..<(17 << 20) + 5).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var archive = Archive()
    archive.add("1.bin", large)
    archive.add("2.bin", [1, 2, 3])
    archive.end()
    let folder = try TemporaryFolder()
    let paths = [try folder.write("a.tar", archive.bytes), try folder.write("b", zstd(archive.bytes, level: 1))]
    let (records, errors) = try readAll(paths)
    #expect(errors.isEmpty)
    #expect(records.map(\.sampleID.key) == ["1", "2", "1", "2"])
    #expect(try records[0].bytes("bin") == large)
    #expect(try records[2].bytes("bin") == large)
  }
}
