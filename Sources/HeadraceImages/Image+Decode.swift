import HeadraceCore

extension Image {
  /// Decodes a PNG, JPEG or WebP file, found by its bytes, into memory of its own.
  ///
  /// - Parameters:
  ///   - channels: what a pixel becomes, whatever the file has.
  ///   - truncation: what becomes of a JPEG file that is cut or damaged.
  /// - Throws: `malformedImage` for bytes that are of no format that is known, cut or damaged; `limitExceeded`, before
  ///   anything is allocated; `outOfMemory`.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, channels: ImageChannels, truncation: TruncationPolicy = .refuse,
    limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    switch try ImageHeader(of: bytes).format {
    case .png: try PNG.decode(bytes, channels: channels, limits: limits)
    case .jpeg: try JPEG.decode(bytes, channels: channels, truncation: truncation, limits: limits)
    case .webp: try WebP.decode(bytes, channels: channels, limits: limits)
    }
  }

  /// Decodes a PNG, JPEG or WebP file, found by its bytes, into memory of its own.
  ///
  /// - Throws: as `decode(_:channels:truncation:limits:)` of a span.
  public static func decode(
    _ bytes: [UInt8], channels: ImageChannels, truncation: TruncationPolicy = .refuse, limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    try decode(bytes.span, channels: channels, truncation: truncation, limits: limits)
  }
}
