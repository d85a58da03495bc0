/// The RIFF container of a WebP file: a size, then chunks of a name, a size and data each.
///
/// See https://developers.google.com/speed/webp/docs/riff_container
enum WebPContainer {
  /// Bytes of the whole file, as its first 8 bytes tell; what follows them is not part of it.
  static func byteCount(of bytes: Span<UInt8>) -> Int { 8 + number(bytes, at: 4) }

  /// The orientation in the EXIF chunk, which follows the pixels; `topLeft` where there is none.
  ///
  /// - Complexity: O(chunks).
  static func orientation(in bytes: Span<UInt8>) -> ImageOrientation {
    // The first chunk begins after "RIFF", the size, and "WEBP". Data of odd size is padded to an even one.
    var position = 12
    while bytes.count - position >= 8 {
      let start = position + 8
      let count = number(bytes, at: position + 4)
      guard count <= bytes.count - start else { return .topLeft }
      if number(bytes, at: position) == 0x4649_5845 {  // EXIF, the first letter in the low byte
        return ExifOrientation.read(tiff(in: bytes.extracting(start..<(start + count))))
      }
      position = start + count + count % 2
    }
    return .topLeft
  }

  /// Exif metadata without the name that stands before it in a JPEG file, which some writers keep.
  @_lifetime(copy data)
  private static func tiff(in data: Span<UInt8>) -> Span<UInt8> {
    data.count >= 6 && number(data, at: 0) == 0x6669_7845 ? data.extracting(6...) : data
  }

  private static func number(_ bytes: Span<UInt8>, at start: Int) -> Int {
    Int(bytes[start]) | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2]) << 16 | Int(bytes[start + 3]) << 24
  }
}
