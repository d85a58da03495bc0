import HeadraceAllocations
import HeadraceCore
import HeadraceFuzz
import HeadraceImages
import HeadraceShards
import HeadraceTestSupport
import Testing

/// Small files that stand for much: what each may cost, in bytes that are allocated at once. Each is read in a process
/// of its own, where nobody else allocates.
@Suite struct BombTests {
  // MARK: PNG

  @Test func aPNGFileTooShortForItsPixelsIsRefusedBeforeMemoryIsTakenForThem() async {
    await #expect(processExitsWith: .success) {
      // 9000x9000 RGBA would be 324 MB; and with 16 bits, interlaced or of a palette it is the same.
      for (depth, color) in [(8, 2), (16, 6), (8, 3), (1, 0)] as [(UInt8, UInt8)] {
        let file =
          PNGChunks.header(width: 9000, height: 9000, depth: depth, color: color)
          + PNGChunks.chunk("IDAT", [0x78, 1, 0, 0]) + PNGChunks.chunk("IEND", [])
        Bomb.expect(.malformedImage, "cannot hold", peakBelow: 1 << 20) { try PNG.decode(file, channels: .rgba) }
        Bomb.expect(.malformedImage, "cannot hold", peakBelow: 1 << 20) { try Bomb.crop(file) }
      }
    }
  }

  @Test func aPNGStreamThatGoesOnBehindItsPixelsIsNotKept() async {
    await #expect(processExitsWith: .success) {
      // 64 MB of zeros in 65 kB, of which the header wants 3 rows.
      let file = try Bomb.png(width: 8000, height: 8000, color: .gray)
      let small = PNGChunks.replacingHeader(
        of: file, by: PNGChunks.header(width: 8000, height: 3, depth: 8, color: 0))
      Bomb.expectPeak(below: 1 << 20) { _ = try? PNG.decode(small, channels: .gray) }
    }
  }

  @Test func aPNGChunkOfCompressedTextIsNotInflated() async {
    await #expect(processExitsWith: .success) {
      let zeros = try Bomb.png(width: 8000, height: 8000, color: .gray)
      let stream = try #require(PNGChunks.ranges(of: zeros).first { $0.type == "IDAT" }).data
      let image = try PNG.encode(Image(width: 2, height: 1, channels: .gray, pixels: [1, 2]))
      for (type, name) in [("zTXt", "a\0\0"), ("iCCP", "a\0\0"), ("iTXt", "a\0\u{1}\0\0\0")] {
        let file = PNGChunks.inserting(type, Array(name.utf8) + zeros[stream], into: image)
        Bomb.expectPeak(below: 1 << 20) {
          let decoded = try PNG.decode(file, channels: .gray)
          #expect(decoded.pixels == [1, 2])
        }
      }
    }
  }

  @Test func aPNGFileOfTheLargestRatioCostsItsPixelsTwice() async {
    await #expect(processExitsWith: .success) {
      let file = try Bomb.png(width: 3000, height: 3000, color: .gray)
      #expect(file.count < 12_000)
      // Pixels, inflated rows, and little else.
      Bomb.expectPeak(below: 2 * 9_000_000 + 2 << 20) { _ = try PNG.decode(file, channels: .gray) }
    }
  }

  @Test func aPNGFileOfOneLongLineIsRefusedBeforeWeightsAreComputed() async {
    await #expect(processExitsWith: .success) {
      let decoder = ImageDecoder([.resize(width: 8, height: 8)])
      // Of 20 million pixels a resize would take half a gigabyte of weights.
      for (width, height) in [(20_000_000, 1), (1, 20_000_000)] {
        let file = try Bomb.png(width: width, height: height, color: .gray)
        #expect(file.count < 100_000)
        Bomb.expect(.limitExceeded, "20000000 pixels one way; the limit is 65535", peakBelow: 1 << 20) {
          try TensorBytes.decode(file, by: decoder, width: 8, height: 8)
        }
      }
      // The longest line that is read: 24 bytes of weights for each pixel, and little else.
      let file = try Bomb.png(width: 65_535, height: 1, color: .gray)
      Bomb.expectPeak(below: 3 << 20) { _ = try TensorBytes.decode(file, by: decoder, width: 8, height: 8) }
    }
  }

  // MARK: JPEG

  @Test func aJPEGFileTooShortForItsBlocksIsRefusedBeforeMemoryIsTakenForPixels() async {
    await #expect(processExitsWith: .success) {
      for name in ["420-9x17", "progressive-420-33x31", "gray-7x5", "cmyk-33x31"] {
        let file = try Bomb.jpeg(name, width: 9000, height: 9000)
        Bomb.expect(.malformedImage, "is cut", peakBelow: 1 << 20) { try JPEG.decode(file, channels: .rgba) }
        Bomb.expect(.malformedImage, "is cut", peakBelow: 1 << 20) { try Bomb.crop(file) }
      }
    }
  }

  /// What `DecodeLimits` says of files of several scans: two bytes for each sample of each component.
  @Test func aProgressiveJPEGFileCostsTwoBytesForEachSampleBesideItsPixels() async {
    await #expect(processExitsWith: .success) {
      let pixels = 1024 * 1024
      for (name, bytes) in [("progressive-420-33x31", 3), ("progressive-gray-33x31", 2), ("scans-of-one-33x31", 6)] {
        let file = try Bomb.jpeg(name, width: 1024, height: 1024)
        let peak = Bomb.peak {
          _ = try? JPEG.decode(file, channels: .rgb, truncation: .fill)
        }
        if name == "scans-of-one-33x31" {
          #expect(peak < (3 + 6) * pixels + 1 << 20, "\(name): \(peak)")
        } else {
          #expect(peak > (3 + bytes) * pixels && peak < (3 + bytes) * pixels + 1 << 20, "\(name): \(peak)")
        }
      }
      // Of one scan: a few rows.
      let file = try Bomb.jpeg("420-9x17", width: 1024, height: 1024)
      let peak = Bomb.peak { _ = try? JPEG.decode(file, channels: .rgb, truncation: .fill) }
      #expect(peak < 3 * pixels + 1 << 20, "\(peak)")
    }
  }

  // MARK: WebP

  @Test func aWebPFileOfOneColorCostsFourBytesForEachPixelBesideItsPixels() async {
    await #expect(processExitsWith: .success) {
      let pixels = 1024 * 1024
      let file = Bomb.webp(width: 1024, height: 1024)
      #expect(file.count < 40)
      Bomb.expectPeak(below: (3 + 4) * pixels + 1 << 20) {
        let image = try WebP.decode(file, channels: .rgb)
        #expect(image.width == 1024 && image.height == 1024)
      }
      Bomb.expect(.limitExceeded, "268435456 pixels", peakBelow: 1 << 20) {
        try WebP.decode(Bomb.webp(width: 16_384, height: 16_384), channels: .rgb)
      }
    }
  }

  // MARK: Shards

  @Test func aShardThatInflatesToMuchIsReadInPieces() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      // 256 MiB of zeros behind the end of an archive, and as a member that is no field.
      let blocks = Bomb.zstd(ofZeros: 2048)
      for (name, head) in [("end", []), ("member", Bomb.tarHeader("noextension", size: 256 << 20))] {
        let path = try folder.write("\(name).tar.zst", Bomb.zstd(head) + blocks + Bomb.zstd(ofZeros: 1))
        Bomb.expectPeak(below: 4 << 20) {
          let reader = try ShardSource([path]).makeReader(epoch: 0)
          while try reader.next() != nil {}
        }
      }
    }
  }

  @Test func aFieldBeyondTheLimitIsRefusedByItsHeader() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = try folder.write(
        "a.tar.zst", Bomb.zstd(Bomb.tarHeader("0001.png", size: 1 << 30)) + Bomb.zstd(ofZeros: 2048))
      Bomb.expect(.limitExceeded, "ShardLimits.recordByteCount", peakBelow: 4 << 20) {
        try ShardSource([path]).makeReader(epoch: 0).next()
      }
    }
  }

  @Test func aWindowBeyondTheLimitIsRefusedByItsHeader() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      // A window of 2^31 bytes (RFC 8878, section 3.1.1.1.2), then a block of 128 KiB of one byte.
      let path = try folder.write("a.tar.zst", [0x28, 0xb5, 0x2f, 0xfd, 0, (31 - 10) << 3, 3, 0, 0x10, 0])
      Bomb.expect(.limitExceeded, "ShardLimits.zstdWindowLog", peakBelow: 4 << 20) {
        try ShardSource([path]).makeReader(epoch: 0).next()
      }
    }
  }
}
