import HeadraceCore

extension JPEG {
  /// Decodes a file straight into a tensor of its size: uint8, `[H, W, C]` with C 1, 3 or 4, or `[H, W]` for gray.
  ///
  /// The tensor's channels decide what is decoded. libjpeg writes the rows where they belong, unless there are four
  /// inks; it allocates a few rows, and the coefficients of all pixels for a file of several scans. When this throws
  /// after the header, some elements of the tensor may have been written.
  ///
  /// - Throws: `wrongType` when the tensor is no uint8 image or its size is another; `limitExceeded` when there are
  ///   more pixels than `limits` allows, before anything is allocated, or more scans; `malformedImage` when the file is
  ///   cut or damaged and `truncation` refuses that, with the byte, or is of a kind that is not read; `outOfMemory`.
  /// - Complexity: O(pixels * scans + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, truncation: TruncationPolicy = .refuse,
    limits: DecodeLimits = .default
  ) throws(HeadraceError) {
    var tensor = tensor
    let shape = try ImageShape(tensor)
    let header = try checkedHeader(of: bytes, truncation, limits)
    try shape.check(tensor, holdsWidth: header.width, height: header.height)
    var pixels = try tensor.elements(as: UInt8.self)
    try unsafe pixels.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in
      try unsafe read(bytes, header, shape.channels, truncation, limits, into: pixels)
    }
  }

  /// Decodes a file straight into a tensor of its size: uint8, `[H, W, C]` with C 1, 3 or 4, or `[H, W]` for gray.
  ///
  /// - Throws: as `decode(_:into:truncation:limits:)` of a span.
  /// - Complexity: O(pixels * scans + bytes).
  public static func decode(
    _ bytes: [UInt8], into tensor: consuming MutableTensor, truncation: TruncationPolicy = .refuse,
    limits: DecodeLimits = .default
  ) throws(HeadraceError) {
    try decode(bytes.span, into: tensor, truncation: truncation, limits: limits)
  }

  /// Decodes a file into memory of its own, for images that are resized or otherwise changed before they are batched.
  ///
  /// - Throws: `limitExceeded` when there are more pixels than `limits` allows, before anything is allocated, or more
  ///   scans; `malformedImage` when the file is cut or damaged and `truncation` refuses that, with the byte, or is of a
  ///   kind that is not read; `outOfMemory`.
  /// - Complexity: O(pixels * scans + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, channels: ImageChannels, truncation: TruncationPolicy = .refuse,
    limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    let header = try checkedHeader(of: bytes, truncation, limits)
    return try unsafe Image(width: header.width, height: header.height, channels: channels) {
      pixels throws(HeadraceError) in
      try unsafe read(bytes, header, channels, truncation, limits, into: pixels)
    }
  }

  /// Decodes a file into memory of its own, for images that are resized or otherwise changed before they are batched.
  ///
  /// - Throws: as `decode(_:channels:truncation:limits:)` of a span.
  /// - Complexity: O(pixels * scans + bytes).
  public static func decode(
    _ bytes: [UInt8], channels: ImageChannels, truncation: TruncationPolicy = .refuse, limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    try decode(bytes.span, channels: channels, truncation: truncation, limits: limits)
  }

  /// Fills `pixels`, which must have exactly the size of the image in `header`.
  private static func read(
    _ bytes: Span<UInt8>, _ header: JPEGHeader, _ channels: ImageChannels, _ truncation: TruncationPolicy,
    _ limits: DecodeLimits, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(HeadraceError) {
    try unsafe read(
      bytes, header, channels: channels, eighths: 8,
      box: PixelBox(x: 0, y: 0, width: header.width, height: header.height), truncation: truncation, limits: limits,
      into: pixels, stride: header.width * channels.rawValue)
  }
}
