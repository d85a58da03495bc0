import HeadraceAllocations
import HeadraceCore
import HeadraceFuzz
import HeadraceImages
import HeadraceTestSupport
import Testing

/// Files that announce or hold more than they weigh, and what reading them costs.
enum Bomb {
  /// The most bytes that `body` has allocated at once.
  static func peak(_ body: () throws -> Void) rethrows -> Int {
    AllocationCounter.start()
    defer { _ = AllocationCounter.stop() }
    try body()
    return AllocationCounter.stop().peakBytes
  }

  /// Expects that `body` succeeds, and allocates less than that at once.
  static func expectPeak(
    below limit: Int, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    do {
      let peak = try peak(body)
      #expect(peak < limit, sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(error)", sourceLocation: sourceLocation)
    }
  }

  /// Expects an error with those words, and that less than that was allocated at once.
  static func expect<Result>(
    _ code: HeadraceError.Code, _ words: String, peakBelow limit: Int,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
  ) {
    var found: (any Error)?
    let peak = peak {
      do { _ = try body() } catch { found = error }
    }
    let error = found as? HeadraceError
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "no error")", sourceLocation: sourceLocation)
    #expect(peak < limit, sourceLocation: sourceLocation)
  }

  /// Decodes a corner, as a pipeline does.
  static func crop(_ file: [UInt8]) throws {
    let decoder = ImageDecoder([.randomResizedCrop(8)])
    _ = try TensorBytes.decode(file, by: decoder, width: 8, height: 8)
  }

  /// A black image as zlib packs it best.
  static func png(width: Int, height: Int, color: ImageChannels) throws -> [UInt8] {
    try PNG.encode(
      Image(
        width: width, height: height, channels: color,
        pixels: [UInt8](repeating: 0, count: width * height * color.rawValue)), compression: 9)
  }

  /// A file of the corpus with another size in its frame header. ITU-T T.81, section B.2.2.
  static func jpeg(_ name: String, width: Int, height: Int) throws -> [UInt8] {
    var file = try #require(try FuzzCorpus.files(of: .jpeg).first { $0.name == "\(name).jpg" }).bytes
    let frame = try #require(
      file.indices.dropLast().first { file[$0] == 0xff && [0xc0, 0xc1, 0xc2].contains(file[$0 + 1]) })
    let size = [height >> 8, height & 255, width >> 8, width & 255].map { UInt8($0) }
    file.replaceSubrange((frame + 5)..<(frame + 9), with: size)
    return file
  }

  /// A lossless WebP file whose codes have one symbol each: no pixel has a bit. RFC 9649, section 3.
  static func webp(width: Int, height: Int) -> [UInt8] {
    var bits: [Bool] = []
    func put(_ value: Int, _ count: Int) {
      for bit in 0..<count { bits.append(value >> bit & 1 == 1) }
    }
    put(width - 1, 14)
    put(height - 1, 14)
    put(0, 1)  // no alpha
    put(0, 3)  // version
    put(0, 1)  // no transform
    put(0, 1)  // no color cache
    put(0, 1)  // one group of codes
    // Green, red, blue, alpha, distance: a simple code of one symbol, which has one bit.
    for _ in 0..<5 {
      put(1, 1)
      put(0, 1)
      put(0, 1)
      put(0, 1)
    }
    var data: [UInt8] = [0x2f]
    for start in stride(from: 0, to: bits.count, by: 8) {
      data.append((start..<min(start + 8, bits.count)).reduce(0) { $0 | (bits[$1] ? 1 << UInt8($1 - start) : 0) })
    }
    if data.count % 2 == 1 { data.append(0) }
    return Array("RIFF".utf8) + little(12 + data.count) + Array("WEBPVP8L".utf8) + little(data.count) + data
  }

  /// The header of a file in a tar stream.
  static func tarHeader(_ name: String, size: Int) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at start: Int) {
      block.replaceSubrange(start..<(start + text.utf8.count), with: text.utf8)
    }
    put(name, at: 0)
    let digits = String(size, radix: 8)
    put(String(repeating: "0", count: 11 - digits.utf8.count) + digits, at: 124)
    put("0", at: 156)
    put("ustar\u{0}00", at: 257)
    return TarBlocks.repaired(block)
  }

  /// A zstd frame of raw bytes, at most 128 KiB. RFC 8878, section 3.1.1.
  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    let header = bytes.count << 3 | 1
    return frame + [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)] + bytes
  }

  /// A zstd frame of so many blocks of 128 KiB, each of which is one byte that is repeated.
  static func zstd(ofZeros blockCount: Int) -> [UInt8] {
    let header = (128 << 10) << 3 | 2
    let block: [UInt8] = [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16), 0]
    var blocks = (0..<blockCount).flatMap { _ in block }
    blocks[blocks.count - 4] |= 1
    return frame + blocks
  }

  /// Magic number, no content size, and a window of 128 KiB.
  private static let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, (17 - 10) << 3]

  private static func little(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> (8 * $0) & 255) } }
}
