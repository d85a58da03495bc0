import HeadraceCore

/// Reads JPEG files that are in memory, to 8-bit pixels.
///
/// Baseline, extended and progressive files of 8 bits are read, with Huffman or arithmetic coding, of gray, YCbCr, RGB,
/// CMYK and YCCK, at any subsampling. Pixels are those of libjpeg-turbo's standard settings, which are Pillow's
/// `Image.open(file).convert("RGB" | "RGBA")`, that is:
/// - the accurate integer transform, and chroma interpolated between its samples;
/// - alpha is 255; color profiles and orientation are ignored;
/// - four inks become RGB by `(255 - K) - C (255 - K) / 255` and so on, inverted as Adobe's programs store them.
///
/// Gray of YCbCr is its Y, which is what the file has and costs half the time. Pillow's `convert("L")` computes it from
/// RGB, and differs by a rounding, or by more where a color does not fit into RGB; its `draft("L", size)` is as here.
/// Gray of RGB and CMYK is `(19595 R + 38470 G + 7471 B + 32768) >> 16`.
///
/// Under `TruncationPolicy.refuse` a file is whole: it has an end marker, and nothing the library takes for damage
/// before the last row that is asked for. JPEG has no checksums: other damage is pixels. Bytes after the end marker are
/// ignored.
///
/// Errors do not know the file's name; the caller adds it. All functions can be called from any thread.
///
/// See ITU-T T.81 and docs/design/0015-jpeg-webp.md.
public enum JPEG {
  /// Reads size, components and orientation from the markers before the first scan, and only from them.
  ///
  /// - Throws: `malformedImage` when the bytes are no JPEG file, end before the first scan, or have a kind of frame
  ///   that is not read here: lossless, hierarchical, or of other than 8 bits.
  /// - Complexity: O(markers before the first scan).
  public static func header(of bytes: Span<UInt8>) throws(HeadraceError) -> JPEGHeader {
    try frame(of: bytes).header
  }

  /// The header of a file that memory may be taken for.
  ///
  /// - Throws: `malformedImage` also where the file is too short to hold its pixels, unless they are filled in;
  ///   `limitExceeded`.
  static func checkedHeader(
    of bytes: Span<UInt8>, _ truncation: TruncationPolicy, _ limits: DecodeLimits
  ) throws(HeadraceError) -> JPEGHeader {
    let frame = try frame(of: bytes)
    try limits.check(width: frame.header.width, height: frame.header.height)
    guard truncation == .fill || frame.leastByteCount <= bytes.count else {
      throw HeadraceError.cutJPEG(at: bytes.count)
    }
    return frame.header
  }

  private static func frame(of bytes: Span<UInt8>) throws(HeadraceError) -> JPEGFrame {
    let signature: [3 of UInt8] = [0xff, 0xd8, 0xff]
    guard (0..<min(3, bytes.count)).allSatisfy({ signature[$0] == bytes[$0] }) else {
      throw HeadraceError(
        .malformedImage,
        "Not a JPEG file: byte 0 starts \(FirstBytes.text(of: bytes)), not ff d8 ff; "
          + "check which field or file this is, or leave it out.")
    }
    var frame: JPEGFrame?
    var orientation: ImageOrientation?
    var position = 2
    while let segment = JPEGSegment(bytes, from: position) {
      position = segment.data.upperBound
      if segment.code == JPEGSegment.startOfScan || segment.code == JPEGSegment.endOfImage {
        guard var frame else {
          throw damaged(bytes, at: position, "a scan or the end of the image comes before the frame header")
        }
        frame.header.orientation = orientation ?? .topLeft
        return frame
      }
      if segment.isFrame && frame == nil {
        frame = try self.frame(bytes, segment)
      } else if segment.code == JPEGSegment.application1 && orientation == nil {
        orientation = exifOrientation(bytes.extracting(segment.data))
      }
    }
    throw HeadraceError.cutJPEG(at: bytes.count)
  }

  /// Reads size, components and orientation from the markers before the first scan, and only from them.
  ///
  /// - Throws: as `header(of:)` of a span.
  public static func header(of bytes: [UInt8]) throws(HeadraceError) -> JPEGHeader {
    try header(of: bytes.span)
  }

  /// The size of the image scaled to `eighths` / 8 while it is decoded: rounded up.
  package static func scaledSize(of header: JPEGHeader, eighths: Int) -> (width: Int, height: Int) {
    precondition((1...8).contains(eighths), "a JPEG file is scaled by 1 to 8 eighths here, not \(eighths)")
    return ((header.width * eighths + 7) / 8, (header.height * eighths + 7) / 8)
  }

  private static func frame(_ bytes: Span<UInt8>, _ segment: JPEGSegment) throws(HeadraceError) -> JPEGFrame {
    let data = bytes.extracting(segment.data)
    let start = segment.data.lowerBound
    // Precision, height, width, count of components, and three bytes for each of them.
    guard data.count >= 6, data.count == 6 + 3 * Int(data[5]) else {
      throw damaged(bytes, at: start, "the frame header has \(data.count) bytes")
    }
    // Baseline, extended and progressive with Huffman coding, the last two with arithmetic coding.
    guard [0xc0, 0xc1, 0xc2, 0xc9, 0xca].contains(segment.code), data[0] == 8, [1, 3, 4].contains(data[5]) else {
      throw HeadraceError.unsupportedJPEG(
        "a frame of type \(segment.code - 0xc0), \(data[0]) bits and \(data[5]) components")
    }
    let height = Int(data[1]) << 8 | Int(data[2])
    let width = Int(data[3]) << 8 | Int(data[4])
    guard width > 0, height > 0 else {
      throw damaged(bytes, at: start, "the frame header has the size \(width)x\(height)")
    }
    return JPEGFrame(
      header: JPEGHeader(
        width: width, height: height, componentCount: Int(data[5]),
        isProgressive: segment.code == 0xc2 || segment.code == 0xca),
      // Each component's number, factors along rows and columns in 4 bits each, and table.
      factors: stride(from: 7, to: data.count, by: 3).map { (Int(data[$0] >> 4), Int(data[$0] & 15)) },
      isArithmetic: segment.code >= 0xc9)
  }

  /// The orientation in an APP1 segment; nil where it is of another kind than Exif, such as XMP.
  private static func exifOrientation(_ data: Span<UInt8>) -> ImageOrientation? {
    let name: [6 of UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]  // Exif
    guard data.count >= 6, name.indices.allSatisfy({ name[$0] == data[$0] }) else { return nil }
    return ExifOrientation.read(data.extracting(6...))
  }

  private static func damaged(_ bytes: Span<UInt8>, at offset: Int, _ text: String) -> HeadraceError {
    HeadraceError.damagedJPEG(at: offset, of: bytes.count, text)
  }
}
