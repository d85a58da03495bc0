import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceImages

/// The decoder of literals against libdeflate, with streams of encoders and with streams written bit by bit.
@Suite struct InflaterTests {
  // MARK: Streams of an encoder

  /// Bytes of every kind that decides what an encoder makes: none, one, noise of some widths, codes of every length,
  /// matches far away and at every short distance, and everything at once.
  static let contents: [[UInt8]] = {
    var random = SampleContext(epoch: 0, position: 0, stage: "contents").random(seed: 8)
    func noise(_ count: Int, below bound: Int) -> [UInt8] {
      (0..<count).map { _ in UInt8(Int.random(in: 0..<bound, using: &random)) }
    }
    func peaked(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in
        // The number of coin tosses: codes of 1 to 15 bits and more.
        let run = UInt16.random(in: 0...(.max), using: &random).trailingZeroBitCount
        return UInt8(run * 7 + Int.random(in: 0..<2, using: &random))
      }
    }
    let copies: [[UInt8]] = (1...40).map { distance in
      let unit = noise(distance, below: 256)
      return (0..<(900 / distance)).flatMap { _ in unit }
    }
    var all: [[UInt8]] = [[], [7], noise(70_000, below: 256), noise(5000, below: 2), noise(9000, below: 20)]
    all.append(peaked(60_000))
    all.append(noise(40_000, below: 3) + noise(300, below: 256) + noise(40_000, below: 2))
    all += copies
    all.append(copies.flatMap { $0 } + peaked(3000))
    return all
  }()

  @Test(arguments: Array(0...12))
  func whatAnEncoderMakesIsMadeBack(_ level: Int32) {
    for content in Self.contents {
      let stream = Zlib.stream(content, level: level)
      for decoder in Inflater.Decoder.allCases {
        #expect(inflate(stream, count: content.count, decoder) == content)
        // One byte more or less than there is.
        #expect(inflate(stream, count: content.count + 1, decoder) == nil)
        if !content.isEmpty { #expect(inflate(stream, count: content.count - 1, decoder) == nil) }
      }
    }
  }

  @Test func aStreamCutAtAnyByteOrWithOneMoreIsRefused() {
    for level: Int32 in [0, 1, 6, 12] {
      let content = Array(Self.contents[4].prefix(2000))
      let stream = Zlib.stream(content, level: level)
      for end in 0..<stream.count { #expect(inflate(Array(stream[..<end]), count: content.count) == nil) }
      #expect(inflate(stream + [0], count: content.count) == nil)
    }
  }

  /// With the checksum of what the bytes say now, so that it is not the checksum that refuses.
  @Test func aStreamWithAnyBitFlippedIsRefusedOrMakesWhatTheReferenceMakes() {
    let content = Array(Self.contents[4].prefix(400) + Self.contents[20].prefix(300))
    var (taken, right) = (0, 0)
    for level: Int32 in [0, 1, 9] {
      let stream = Zlib.stream(content, level: level)
      for bit in 0..<(stream.count * 8) {
        var flipped = stream
        flipped[bit / 8] ^= 1 << (bit % 8)
        for count in [content.count, content.count - 1, content.count + 1] {
          if let made = inflate(flipped, count: count) { #expect(made == inflate(flipped, count: count, .libdeflate)) }
          guard let made = Zlib.inflateRaw(flipped.dropFirst(2).dropLast(4), count: count) else {
            let sealed = Zlib.sealed(flipped.dropFirst(2).dropLast(4), of: [UInt8](repeating: 0, count: count))
            #expect(inflate(sealed, count: count) == nil)
            continue
          }
          let sealed = Zlib.sealed(flipped.dropFirst(2).dropLast(4), of: made)
          right += 1
          guard let mine = inflate(sealed, count: count) else { continue }
          #expect(mine == made)
          taken += 1
        }
      }
    }
    // All but the few whose codes are not complete.
    #expect(right > 1000 && taken * 10 >= right * 9, "\(taken) of \(right)")
  }

  @Test func photographsGoToTheDecoderOfLiteralsAndWhatItIsSlowForToTheOther() {
    for (stream, bytes, decoder) in [
      (113_636, 196_864, Inflater.Decoder.literals), (38_319, 65_792, .literals), (2584, 3104, .libdeflate),
      (900, 196_864, .libdeflate), (24_608, 196_864, .literals), (24_607, 196_864, .libdeflate),
      (65_792 * 9 / 8 + 4096, 65_792, .literals), (1 << 20, 65_792, .libdeflate),
    ] {
      #expect(Inflater.decoder(streamByteCount: stream, byteCount: bytes) == decoder, "\(stream) to \(bytes)")
    }
  }

  // MARK: Headers

  @Test func onlyTheHeadersOfTheSpecificationAreTaken() {
    let content: [UInt8] = [1, 2, 3]
    let stream = Zlib.stream(content, level: 6)
    var taken: [Int] = []
    for header in 0...0xffff {
      var other = stream
      (other[0], other[1]) = (UInt8(header >> 8), UInt8(header & 0xff))
      if inflate(other, count: 3) != nil { taken.append(header) }
    }
    // Method 8, windows of 256 bytes to 32 KiB, no dictionary, a multiple of 31; any level.
    let expected = (0...0xffff).filter { $0 >> 8 & 15 == 8 && $0 >> 12 <= 7 && $0 & 32 == 0 && $0 % 31 == 0 }
    #expect(taken == expected)
    #expect(taken.count == 32)
  }

  @Test func theChecksumIsThatOfAllBytes() {
    for content in Self.contents.prefix(5) {
      let stream = Zlib.stream(content, level: 6)
      for bit in 0..<32 {
        var other = stream
        other[other.count - 4 + bit / 8] ^= 1 << (bit % 8)
        #expect(inflate(other, count: content.count) == nil)
      }
    }
  }

  // MARK: Blocks, bit by bit

  @Test func storedBlocksOfAnySizeAtAnyBitAreCopied() {
    for lead in 0..<8 {
      var bits = BitWriter()
      // Blocks of nothing, with fixed codes: 10 bits each.
      for _ in 0..<lead { bits.put(0b010, 3); bits.put(0, 7) }
      var content: [UInt8] = []
      for count in [0, 1, 300, 0, 65_535] {
        let part = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 3) }
        bits.put(count == 65_535 ? 0b001 : 0b000, 3)
        bits.align()
        bits.put(count, 16)
        bits.put(~count & 0xffff, 16)
        for byte in part { bits.put(Int(byte), 8) }
        content += part
      }
      #expect(inflate(Zlib.sealed(bits.bytes[...], of: content), count: content.count) == content)
    }
  }

  @Test func aStoredBlockWhoseSizesDisagreeIsRefused() {
    for bit in 0..<32 {
      let header: [UInt8] = [0b001, 4, 0, 251, 255]
      var bytes = header + [1, 2, 3, 4]
      #expect(inflate(Zlib.sealed(bytes[...], of: [1, 2, 3, 4]), count: 4) == [1, 2, 3, 4])
      bytes[1 + bit / 8] ^= 1 << (bit % 8)
      #expect(inflate(Zlib.sealed(bytes[...], of: [1, 2, 3, 4]), count: 4) == nil)
    }
  }

  @Test func theFourthBlockTypeIsRefused() {
    #expect(inflate(Zlib.sealed([0b111, 0, 0], of: []), count: 0) == nil)
  }

  /// Every length from 3 to 258 at every distance up to 40, and at the longest of each distance code.
  @Test func everyLengthAtEveryDistanceIsCopied() {
    let far = [
      48, 49, 64, 65, 96, 97, 128, 192, 193, 256, 384, 512, 513, 768, 1024, 1025, 4096, 8192, 16_384, 24_576,
      24_577, 32_767, 32_768,
    ]
    let start = (0..<33_000).map { UInt8(truncatingIfNeeded: ($0 * 2_654_435_761) >> 13) }
    for distance in Array(1...40) + far {
      var bits = BitWriter()
      var content = start
      bits.put(0b000, 3)
      bits.align()
      bits.put(start.count, 16)
      bits.put(~start.count & 0xffff, 16)
      for byte in start { bits.put(Int(byte), 8) }
      bits.put(0b011, 3)
      for length in 3...258 {
        bits.putFixedMatch(length: length, distance: distance)
        for _ in 0..<length { content.append(content[content.count - distance]) }
      }
      bits.put(0, 7)
      #expect(inflate(Zlib.sealed(bits.bytes[...], of: content), count: content.count) == content, "\(distance)")
    }
  }

  @Test func aDistanceBeyondTheFirstByteIsRefused() {
    for (made, distance) in [(0, 1), (1, 2), (5, 6), (5, 32_768), (400, 401)] {
      for isFar in [true, false] {
        var bits = BitWriter()
        bits.put(0b011, 3)
        for _ in 0..<made { bits.putFixedLiteral(9) }
        bits.putFixedMatch(length: 3, distance: isFar ? distance : max(1, made))
        // Far from the ends of both memories too.
        for _ in 0..<600 { bits.putFixedLiteral(9) }
        bits.put(0, 7)
        let content = [UInt8](repeating: 9, count: made + 3 + 600)
        let isRight = !isFar && made > 0
        #expect((inflate(Zlib.sealed(bits.bytes[...], of: content), count: content.count) == content) == isRight)
      }
    }
  }

  @Test func symbolsThatMeanNothingAreRefused() {
    // 286 and 287 are 11000110 and 11000111 in the fixed code, distances 30 and 31 five bits.
    for lead in [0, 700] {
      for (code, length, distance) in [(0b11000110, 8, -1), (0b11000111, 8, -1), (1, 7, 30), (1, 7, 31)] {
        var bits = BitWriter()
        bits.put(0b011, 3)
        for _ in 0..<max(1, lead) { bits.putFixedLiteral(1) }
        bits.putCode(code, length)
        if distance >= 0 { bits.putCode(distance, 5) }
        for _ in 0..<lead { bits.putFixedLiteral(1) }
        bits.put(0, 7)
        for count in [lead, lead + 3, 2 * lead, 2 * lead + 3] {
          let content = [UInt8](repeating: 1, count: count)
          #expect(inflate(Zlib.sealed(bits.bytes[...], of: content), count: count) == nil)
        }
      }
    }
  }

  /// With and without the instructions that only some processors have, which must agree.
  private func inflate(_ stream: [UInt8], count: Int, _ decoder: Inflater.Decoder = .literals) -> [UInt8]? {
    let made = [false, true].map { isPlain in
      let inflater = Inflater(isPlain: isPlain)!
      var target = [UInt8](repeating: 0xee, count: count)
      let isWhole = unsafe stream.withUnsafeBytes { stream in
        unsafe target.withUnsafeMutableBufferPointer { unsafe inflater.inflate(stream, into: $0, by: decoder) }
      }
      return isWhole ? target : nil
    }
    #expect(made[0] == made[1])
    return made[0]
  }
}
