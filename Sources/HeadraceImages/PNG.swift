import CHeadracePNG
import HeadraceCore

/// Reads and writes PNG files that are in memory, to and from 8-bit pixels.
///
/// Every color type (0, 2, 3, 4, 6), bit depth (1 to 16) and interlacing is read. Pixels are those of Pillow's
/// `Image.open(file).convert("L" | "RGB" | "RGBA")`, that is:
/// - gray of RGB is `(19595 R + 38470 G + 7471 B + 32768) >> 16`, alpha is dropped, not blended;
/// - of 16 bits the high byte is kept, but gray without alpha saturates: 255 stands for 255 and above;
/// - transparency by tRNS becomes alpha 0 to 255 in `.rgba` and is ignored in `.gray` and `.rgb`;
/// - gamma, color profiles and all other ancillary chunks are ignored, a palette index without an entry is black.
///
/// Where Pillow compares a transparent color with samples of another depth (gray of 2, 4 and 16 bits, RGB of 16 bits),
/// this follows the specification: the color is compared at the depth of the file.
///
/// A file is whole from its signature to the last byte of IEND; every proper prefix is refused, even one with all
/// pixels in it. Bytes after IEND are ignored. A wrong checksum of IHDR, PLTE, IDAT or IEND is an error, also of tRNS
/// where alpha is asked for; other chunks are skipped, so that compressed text in them is never inflated.
///
/// Errors do not know the file's name; the caller adds it. All functions can be called from any thread.
///
/// See https://www.w3.org/TR/png-3/ and docs/design/0005-png.md.
public enum PNG {
  /// Reads size and pixel format from the first 33 bytes, and only from them.
  ///
  /// - Throws: `malformedImage` when they are not the start of a PNG file.
  public static func header(of bytes: Span<UInt8>) throws(HeadraceError) -> PNGHeader {
    var header = headrace_png_header()
    let report = unsafe CallReport.of { failure in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe headrace_png_read_header(bytes.baseAddress, bytes.count, &header, failure)
      }
    }
    guard report.isSuccess else { throw report.error(reading: bytes) }
    return PNGHeader(
      width: Int(header.width), height: Int(header.height), bitDepth: Int(header.bit_depth),
      colorType: PNGHeader.ColorType(rawValue: header.color_type)!, isInterlaced: header.interlaced != 0)
  }

  /// Reads size and pixel format from the first 33 bytes, and only from them.
  ///
  /// - Throws: `malformedImage` when they are not the start of a PNG file.
  public static func header(of bytes: [UInt8]) throws(HeadraceError) -> PNGHeader {
    try header(of: bytes.span)
  }
}
