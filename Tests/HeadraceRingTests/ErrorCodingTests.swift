import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// Errors cross the ring whole where there is room, cut where there is not, and garbage never traps.
@Suite struct ErrorCodingTests {
  private static let full = HeadraceError(
    .malformedImage, "Die Datei endet früh: 水 \u{1F30A}.", stage: "décode",
    sample: SampleID(key: "a/ü.png", path: "train-水.tar", offset: 51_200), cause: "e\u{301}of")

  private static var codes: [HeadraceError.Code] { (0..<200).compactMap(HeadraceError.Code.init) }

  @Test func everyCodeAndEveryCombinationOfTextsComesThrough() {
    #expect(Self.codes.count == 23)
    for code in Self.codes {
      for present in 0..<16 {
        func has(_ bit: Int) -> Bool { present >> bit & 1 == 1 }
        let sample = SampleID(key: "", path: has(1) ? "p" : nil, offset: has(2) ? 0 : nil)
        let error = HeadraceError(
          code, "m", stage: has(0) ? "" : nil, sample: has(3) ? sample : nil, cause: has(1) ? "c" : nil)
        #expect(ErrorCoding.decode(ErrorCoding.encode(error, limit: 4096)) == error)
      }
    }
    #expect(ErrorCoding.decode(ErrorCoding.encode(Self.full, limit: 4096)) == Self.full)
  }

  @Test func atEveryLimitTheErrorFitsAndItsTextsArePrefixes() throws {
    for limit in 32...512 {
      let bytes = ErrorCoding.encode(Self.full, limit: limit)
      #expect(bytes.count <= limit)
      let error = ErrorCoding.decode(bytes)
      #expect(error.code == Self.full.code && error.sample?.offset == Self.full.sample?.offset)
      let cut = [error.message, error.stage, error.sample?.key, error.sample?.path, error.cause]
      let whole = [
        Self.full.message, Self.full.stage, Self.full.sample?.key, Self.full.sample?.path, Self.full.cause,
      ]
      for (cut, whole) in zip(cut, whole) {
        let cut = try #require(cut)
        #expect(try #require(whole).utf8.starts(with: cut.utf8), "cut to \(cut) at \(limit) bytes")
      }
      if limit >= 256 { #expect(error == Self.full) }
    }
  }

  @Test func aLongMessageLeavesRoomForWhatFollows() {
    var error = Self.full
    error.message = String(repeating: "x", count: 10_000)
    let received = ErrorCoding.decode(ErrorCoding.encode(error, limit: 480))
    #expect(received.stage == error.stage && received.sample == error.sample && received.cause == error.cause)
    #expect(received.message.count > 200)
  }

  @Test func aCodeOfALaterVersionIsAFailedStageThatKeepsItsText() {
    var bytes = ErrorCoding.encode(Self.full, limit: 4096)
    bytes[0] = 0xFF
    let error = ErrorCoding.decode(bytes)
    #expect(error.code == .stageFailed && error.message == Self.full.message && error.sample == Self.full.sample)
  }

  @Test func everyTruncatedErrorSaysThatItCannotBeRead() {
    let bytes = ErrorCoding.encode(Self.full, limit: 4096)
    for count in 0..<bytes.count {
      #expect(ErrorCoding.decode(Array(bytes[..<count])).code == .incompatibleRing)
    }
  }

  @Test func everyFlippedByteDecodesToSomeError() {
    let bytes = ErrorCoding.encode(Self.full, limit: 4096)
    for index in bytes.indices {
      for value in [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF] as [UInt8] {
        var changed = bytes
        changed[index] = value
        _ = ErrorCoding.decode(changed).description
        changed[index] = bytes[index] ^ value
        _ = ErrorCoding.decode(changed).description
      }
    }
  }

  @Test func randomBytesDecodeToSomeError() {
    var random = SplitMix64(seed: 1)
    for count in 0..<2000 {
      let bytes = (0..<(count % 200)).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = ErrorCoding.decode(bytes).description
    }
  }
}
