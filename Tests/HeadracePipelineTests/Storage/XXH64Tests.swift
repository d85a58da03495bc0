import Testing

@testable import HeadracePipeline

/// Values of the reference implementation: the sanity checks of xxhsum, and of the specification's examples.
@Suite struct XXH64Tests {
  private static let prime: UInt64 = 2_654_435_761

  @Test(
    arguments: [
      (0, 0, 0xEF46_DB37_51D8_E999), (0, prime, 0xAC75_FDA2_929B_17EF), (1, 0, 0xE934_A84A_DB05_2768),
      (1, prime, 0x5014_6076_43A9_B4C3), (4, 0, 0x9136_A0DC_A574_57EE), (14, 0, 0x8282_DCC4_994E_35C8),
      (14, prime, 0xC3BD_6BF6_3DEB_6DF0), (222, 0, 0xB641_AE8C_B691_C174), (222, prime, 0x20CB_8AB7_AE10_C14A),
    ] as [(Int, UInt64, UInt64)])
  func theSanityChecksOfTheReferenceHold(_ count: Int, _ seed: UInt64, _ expected: UInt64) {
    var state = Self.prime
    let bytes = (0..<count).map { _ in
      defer { state &*= 11_400_714_785_074_694_797 }
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    #expect(XXH64.checksum(bytes.span, seed: seed) == expected)
  }

  @Test(
    arguments: [
      ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func wellKnownTextsHaveTheirChecksums(_ text: String, _ expected: UInt64) {
    #expect(XXH64.checksum(Array(text.utf8).span) == expected)
  }

  @Test func aPartOfAnArrayHasTheChecksumOfItsBytesWhereverItLies() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 * 37) }
    for start in 0..<16 {
      for end in start..<200 {
        let alone = XXH64.checksum(Array(bytes[start..<end]).span)
        #expect(XXH64.checksum(bytes.span.extracting(start..<end)) == alone)
      }
    }
  }
}
