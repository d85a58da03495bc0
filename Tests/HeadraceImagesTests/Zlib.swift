import CDeflate

/// Streams of RFC 1950, by libdeflate.
enum Zlib {
  /// - Parameter level: 0, which stores, to 12.
  static func stream(_ content: [UInt8], level: Int32) -> [UInt8] {
    let compressor = unsafe libdeflate_alloc_compressor(level)!
    defer { unsafe libdeflate_free_compressor(compressor) }
    var stream = [UInt8](repeating: 0, count: unsafe libdeflate_zlib_compress_bound(compressor, content.count))
    let count = unsafe stream.withUnsafeMutableBytes { stream in
      unsafe content.withUnsafeBytes {
        unsafe libdeflate_zlib_compress(compressor, $0.baseAddress, $0.count, stream.baseAddress, stream.count)
      }
    }
    return Array(stream.prefix(count))
  }

  /// A stream of blocks that somebody else has written.
  ///
  /// - Parameter content: whose checksum it has.
  static func sealed(_ blocks: some Sequence<UInt8>, of content: [UInt8]) -> [UInt8] {
    let sum = unsafe content.withUnsafeBytes { unsafe libdeflate_adler32(1, $0.baseAddress, $0.count) }
    return [0x78, 0x9c] + blocks + [UInt8(sum >> 24), UInt8(sum >> 16 & 255), UInt8(sum >> 8 & 255), UInt8(sum & 255)]
  }

  /// What blocks hold, if it is exactly `count` bytes and nothing follows.
  static func inflateRaw(_ blocks: some Sequence<UInt8>, count: Int) -> [UInt8]? {
    let blocks = Array(blocks)
    let decompressor = unsafe libdeflate_alloc_decompressor()!
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    var content = [UInt8](repeating: 0, count: count)
    var read = 0
    let result = unsafe content.withUnsafeMutableBytes { content in
      unsafe blocks.withUnsafeBytes {
        unsafe libdeflate_deflate_decompress_ex(
          decompressor, $0.baseAddress, $0.count, content.baseAddress, count, &read, nil)
      }
    }
    return result == LIBDEFLATE_SUCCESS && read == blocks.count ? content : nil
  }
}
