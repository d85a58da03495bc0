import CDeflate

/// Streams of RFC 1950, by libdeflate.
public enum Zlib {
  /// - Parameter level: 0, which stores, to 12.
  public static func stream(_ content: [UInt8], level: Int32) -> [UInt8] {
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
  public static func sealed(_ blocks: some Sequence<UInt8>, of content: [UInt8]) -> [UInt8] {
    let sum = unsafe content.withUnsafeBytes { unsafe libdeflate_adler32(1, $0.baseAddress, $0.count) }
    return [0x78, 0x9c] + blocks + [UInt8(sum >> 24), UInt8(sum >> 16 & 255), UInt8(sum >> 8 & 255), UInt8(sum & 255)]
  }

  /// What blocks hold, if it is exactly `count` bytes and nothing follows.
  public static func inflateRaw(_ blocks: some Sequence<UInt8>, count: Int) -> [UInt8]? {
    let blocks = Array(blocks)
    guard let (content, read) = inflatePrefix(blocks, room: count), content.count == count, read == blocks.count else {
      return nil
    }
    return content
  }

  /// What the blocks at the start hold, if it is no more than `room` bytes, and how many bytes they are.
  public static func inflatePrefix(_ bytes: [UInt8], room: Int) -> (content: [UInt8], read: Int)? {
    let decompressor = unsafe libdeflate_alloc_decompressor()!
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    var content = [UInt8](repeating: 0, count: room)
    var (read, made) = (0, 0)
    let result = unsafe content.withUnsafeMutableBytes { content in
      unsafe bytes.withUnsafeBytes {
        unsafe libdeflate_deflate_decompress_ex(
          decompressor, $0.baseAddress, $0.count, content.baseAddress, room, &read, &made)
      }
    }
    return result == LIBDEFLATE_SUCCESS ? (Array(content.prefix(made)), read) : nil
  }
}
