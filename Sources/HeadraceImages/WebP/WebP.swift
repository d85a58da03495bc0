import CWebP
import HeadraceCore

/// Reads WebP files that are in memory, to 8-bit pixels.
///
/// Lossy and lossless files of one image are read, with or without alpha; a file of several frames is refused. Pixels
/// are libwebp's, which are Pillow's `Image.open(file).convert("RGB" | "RGBA")`; alpha is dropped where it is not asked
/// for, not blended, and 255 where there is none. Gray is `(19595 R + 38470 G + 7471 B + 32768) >> 16`.
///
/// A file has as many bytes as its first chunk tells: one that is shorter is refused, what follows is ignored. WebP has
/// no checksums, so that other damage may be pixels.
///
/// Errors do not know the file's name; the caller adds it. All functions can be called from any thread.
///
/// See RFC 9649 and docs/design/0015-jpeg-webp.md.
public enum WebP {
  /// Reads size, alpha and orientation from the headers of the chunks.
  ///
  /// - Throws: `malformedImage` when the bytes are no WebP file, or end before the size of the image is told.
  /// - Complexity: O(chunks).
  public static func header(of bytes: Span<UInt8>) throws(HeadraceError) -> WebPHeader {
    guard ImageFormat(bytes) == .webp else {
      throw HeadraceError(
        .malformedImage,
        "Not a WebP file: byte 0 starts \(FirstBytes.text(of: bytes)), not 52 49 46 46 (RIFF) with WEBP at byte 8; "
          + "check which field or file this is, or leave it out.")
    }
    var features = WebPBitstreamFeatures()
    let status = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe WebPGetFeatures(bytes.baseAddress, bytes.count, &features)
    }
    if status == VP8_STATUS_NOT_ENOUGH_DATA && WebPContainer.byteCount(of: bytes) > bytes.count {
      throw HeadraceError.cutWebP(at: bytes.count)
    }
    guard status == VP8_STATUS_OK else { throw HeadraceError.failedWebP(status, of: bytes.count) }
    return WebPHeader(
      width: Int(features.width), height: Int(features.height), hasAlpha: features.has_alpha != 0,
      isAnimated: features.has_animation != 0, orientation: WebPContainer.orientation(in: bytes))
  }

  /// Reads size, alpha and orientation from the headers of the chunks.
  ///
  /// - Throws: as `header(of:)` of a span.
  public static func header(of bytes: [UInt8]) throws(HeadraceError) -> WebPHeader {
    try header(of: bytes.span)
  }
}
