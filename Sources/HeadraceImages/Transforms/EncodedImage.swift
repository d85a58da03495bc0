import HeadraceCore

/// An image file in memory, and how it is to be read.
struct EncodedImage: PixelSource, ~Escapable {
  let bytes: Span<UInt8>
  let header: ImageHeader
  let channels: ImageChannels
  let truncation: TruncationPolicy
  let limits: DecodeLimits
  let reducingGap: Double?

  /// - Throws: `malformedImage` where the bytes are no image; `limitExceeded`.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, _ decoder: ImageDecoder) throws(HeadraceError) {
    self.bytes = bytes
    header = try ImageHeader(of: bytes)
    channels = decoder.channels
    truncation = decoder.truncation
    limits = decoder.limits
    reducingGap = decoder.reducingGap
    switch header.format {
    case .png: _ = try PNG.checkedHeader(of: bytes, limits: limits)
    case .jpeg: _ = try JPEG.checkedHeader(of: bytes, truncation, limits)
    case .webp: try limits.check(width: header.width, height: header.height)
    }
  }

  func eighths(for pass: Resampling) -> Int {
    guard let reducingGap, header.format == .jpeg else { return 8 }
    return pass.eighths(reducingGap: reducingGap)
  }

  func decodedBox(for box: PixelBox) -> PixelBox {
    header.format == .png ? PixelBox(x: 0, y: box.y, width: header.width, height: box.height) : box
  }

  /// - Throws: `malformedImage`, `limitExceeded` and `outOfMemory` as the decoders of the formats.
  func decode(_ box: PixelBox, eighths: Int, into target: inout MutableSpan<UInt8>) throws(HeadraceError) {
    let stride = box.width * channels.rawValue
    precondition(target.count == stride * box.height)
    try unsafe target.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in
      switch header.format {
      case .png:
        try unsafe PNG.read(
          bytes, channels: channels, limits: limits, rows: box.y..<(box.y + box.height), into: pixels)
      case .jpeg:
        try unsafe JPEG.read(
          bytes, try JPEG.header(of: bytes), channels: channels, eighths: eighths, box: box, truncation: truncation,
          limits: limits, into: pixels, stride: stride)
      case .webp:
        try unsafe WebP.read(
          bytes, try WebP.header(of: bytes), channels: channels, box: box, limits: limits, into: pixels, stride: stride)
      }
    }
  }
}
