import Testing

@testable import HeadraceCLI

/// Digests of FIPS 180-4's examples, through libcrypto and through the tests' own reference.
@Suite struct SHA256Tests {
  static let vectors: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test(arguments: vectors)
  func digestIsThatOfTheStandard(text: String, digest: String) throws {
    let bytes = Array(text.utf8)
    var sha = try SHA256()
    unsafe sha.update(bytes.span.bytes)
    #expect(sha.finish() == digest)
    #expect(ReferenceSHA256.hex(bytes) == digest)
  }

  @Test func millionLettersInPiecesAreAsInOne() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    for piece in [1_000_000, 65_536, 4_099] {
      var sha = try SHA256()
      for start in stride(from: 0, to: bytes.count, by: piece) {
        unsafe sha.update(bytes.span.extracting(start..<min(start + piece, bytes.count)).bytes)
      }
      #expect(sha.finish() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
  }

  /// All lengths around the padding's corners, so that the reference can be relied on.
  @Test func referenceAgreesAtEveryLength() throws {
    for count in 0...200 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      var sha = try SHA256()
      unsafe sha.update(bytes.span.bytes)
      #expect(sha.finish() == ReferenceSHA256.hex(bytes), "\(count) bytes")
    }
  }
}
