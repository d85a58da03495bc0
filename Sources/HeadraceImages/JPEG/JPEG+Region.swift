import CHeadraceJPEG
import HeadraceCore

extension JPEG {
  /// Decodes a box of the image scaled by `eighths` / 8 straight into memory, whose rows start `stride` bytes apart.
  ///
  /// Pixels are those of the same box in the whole scaled image. Less than the whole is decoded: columns beside the box
  /// are left out but for one MCU or two, rows above it are only entropy-decoded, rows below it not looked at, so that
  /// damage there is not found; but a missing end marker is. A box as wide as the image is written by libjpeg itself,
  /// unless it has four components; others are copied, row by row.
  ///
  /// - Parameters:
  ///   - header: That of these bytes.
  ///   - eighths: 1 to 8; 8 is full size. Each block of 8x8 samples then becomes one of `eighths` x `eighths`.
  ///   - box: In pixels of the scaled image, see `scaledSize(of:eighths:)`; within it, and not empty.
  ///   - pixels: At least `(box.height - 1) * stride + box.width * channels.rawValue` bytes; those between rows are not
  ///     written.
  ///   - isPlain: Whether libjpeg decodes Huffman codes too: slower, for comparison.
  /// - Returns: Who has decoded the entropy-coded data.
  /// - Throws: as `decode(_:channels:truncation:limits:)`; some pixels may have been written then.
  /// - Complexity: O(bytes + pixels of the scaled image above and in the box).
  @discardableResult package static func read(
    _ bytes: Span<UInt8>, _ header: JPEGHeader, channels: ImageChannels, eighths: Int, box: PixelBox,
    truncation: TruncationPolicy, limits: DecodeLimits = .default, into pixels: UnsafeMutableBufferPointer<UInt8>,
    stride: Int, isPlain: Bool = false
  ) throws(HeadraceError) -> JPEGEntropyDecoder {
    var request = try request(header, channels, eighths, box, truncation, limits)
    request.is_plain = isPlain
    let rowByteCount = box.width * channels.rawValue
    precondition(
      stride >= rowByteCount && pixels.count >= (box.height - 1) * stride + rowByteCount,
      "\(pixels.count) bytes in rows of \(stride) are too few for \(box), \(channels)")
    return try unsafe bytes.withUnsafeBufferPointer { bytes throws(HeadraceError) in
      let decoder = try unsafe JPEGDecoder.start(bytes, request)
      try unsafe decoder.read(into: pixels.baseAddress!, stride: stride)
      try decoder.finish()
      return decoder.entropyDecoder
    }
  }

  private static func request(
    _ header: JPEGHeader, _ channels: ImageChannels, _ eighths: Int, _ box: PixelBox, _ truncation: TruncationPolicy,
    _ limits: DecodeLimits
  ) throws(HeadraceError) -> headrace_jpeg_request {
    try limits.check(width: header.width, height: header.height)
    let size = scaledSize(of: header, eighths: eighths)
    precondition(
      box.isWithin(width: size.width, height: size.height),
      "a box of \(box) is not within an image of \(size.width)x\(size.height)")
    return headrace_jpeg_request(
      image_width: UInt32(header.width), image_height: UInt32(header.height), eighths: UInt32(eighths),
      x: UInt32(box.x), y: UInt32(box.y), width: UInt32(box.width), height: UInt32(box.height),
      channels: Int32(channels.rawValue), maximum_scans: Int32(clamping: limits.maximumScans),
      fills: truncation == .fill, is_plain: false)
  }
}
