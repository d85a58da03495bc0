import HeadraceCore
import Testing

@testable import HeadraceShards

struct TruncationTests {
  @Test func aTarCutAtAnyByteIsOneNamedError() throws {
    let folder = try TemporaryFolder()
    let bytes = Archive.small.bytes
    for length in 0..<bytes.count {
      let outcome = Outcome(Array(bytes[..<length]))
      let error = try #require(outcome.error, "\(length) bytes")
      #expect(error.code == .malformedShard)
      #expect(error.message.hasPrefix("Shard memory.tar, byte "), "\(error)")
      #expect(error.message.hasSuffix("."))
      #expect(outcome.records.count <= 1, "a sample that may lack fields is not given out")
    }
    let path = try folder.write("cut.tar", Array(bytes[..<1536]))
    let (records, errors) = try readAll([path])
    #expect(records.isEmpty)
    #expect(
      errors.map(\.description) == [
        "Shard \(path), byte 1536: the stream ends without the two blocks of zeros that end a tar stream: it is cut "
          + "short; fetch or write the shard again. [sample: 0001 (\(path), offset 0)]"
      ])
  }

  @Test func aTarZstCutAtAnyByteIsOneNamedError() throws {
    let bytes = try zstd(Archive.small.bytes)
    for length in 0..<bytes.count {
      let error = try #require(Outcome(Array(bytes[..<length])).error, "\(length) bytes")
      #expect(error.code == .malformedShard)
      if length >= 4 {
        #expect(error.message.contains("of the uncompressed stream (byte \(length) of the file)"), "\(error)")
        #expect(error.message.contains("cut short"), "\(error)")
      }
    }
  }

  @Test func aCutInEveryFrameOfSeveralIsNoticed() throws {
    let tar = Archive.small.bytes
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: tar.count, by: 700) { bytes += try zstd(Array(tar[start...].prefix(700))) }
    #expect(Outcome(bytes).text == Outcome(tar).text)
    for length in 0..<bytes.count {
      #expect(Outcome(Array(bytes[..<length])).error?.code == .malformedShard, "\(length) bytes")
    }
  }

  @Test func aFileThatIsNoTarIsNamedForWhatItIs() {
    let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 0x55, count: 2000)
    let text = Array(String(repeating: "hello, world\n", count: 100).utf8)
    let noise = (0..<3000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
    for (bytes, words) in [
      (png, "looks like a PNG image"), (text, "looks like a text file"), (noise, "no tar file"), ([], "is empty"),
      (Array(text[..<20]), "looks like a text file"), ([0x1F, 0x8B] + noise, "looks like gzip data"),
    ] {
      let outcome = Outcome(bytes)
      #expect(outcome.error?.code == .malformedShard)
      #expect(outcome.error?.message.contains(words) == true, "\(outcome.error?.message ?? "")")
    }
  }
}
