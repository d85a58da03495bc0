import HeadraceCore

extension WebP {
  /// Decodes a file straight into a tensor of its size: uint8, `[H, W, C]` with C 1, 3 or 4, or `[H, W]` for gray.
  ///
  /// The tensor's channels decide what is decoded. When this throws after the header, some elements of the tensor may
  /// have been written.
  ///
  /// - Throws: `wrongType` when the tensor is no uint8 image or its size is another; `limitExceeded` when there are
  ///   more pixels than `limits` allows, before anything is allocated; `malformedImage` when the file is cut, damaged
  ///   or animated; `outOfMemory`.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, limits: DecodeLimits = .default
  ) throws(HeadraceError) {
    var tensor = tensor
    let shape = try ImageShape(tensor)
    let header = try header(of: bytes)
    try limits.check(width: header.width, height: header.height)
    try shape.check(tensor, holdsWidth: header.width, height: header.height)
    var pixels = try tensor.elements(as: UInt8.self)
    try unsafe pixels.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in
      try unsafe read(bytes, header, shape.channels, limits, into: pixels)
    }
  }

  /// Decodes a file straight into a tensor of its size: uint8, `[H, W, C]` with C 1, 3 or 4, or `[H, W]` for gray.
  ///
  /// - Throws: as `decode(_:into:limits:)` of a span.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: [UInt8], into tensor: consuming MutableTensor, limits: DecodeLimits = .default
  ) throws(HeadraceError) {
    try decode(bytes.span, into: tensor, limits: limits)
  }

  /// Decodes a file into memory of its own, for images that are resized or otherwise changed before they are batched.
  ///
  /// - Throws: `limitExceeded` when there are more pixels than `limits` allows, before anything is allocated;
  ///   `malformedImage` when the file is cut, damaged or animated; `outOfMemory`.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, channels: ImageChannels, limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    let header = try header(of: bytes)
    try limits.check(width: header.width, height: header.height)
    return try unsafe Image(width: header.width, height: header.height, channels: channels) {
      pixels throws(HeadraceError) in
      try unsafe read(bytes, header, channels, limits, into: pixels)
    }
  }

  /// Decodes a file into memory of its own, for images that are resized or otherwise changed before they are batched.
  ///
  /// - Throws: as `decode(_:channels:limits:)` of a span.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: [UInt8], channels: ImageChannels, limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    try decode(bytes.span, channels: channels, limits: limits)
  }

  /// Fills `pixels`, which must have exactly the size of the image in `header`.
  private static func read(
    _ bytes: Span<UInt8>, _ header: WebPHeader, _ channels: ImageChannels, _ limits: DecodeLimits,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(HeadraceError) {
    try unsafe read(
      bytes, header, channels: channels, box: PixelBox(x: 0, y: 0, width: header.width, height: header.height),
      limits: limits, into: pixels, stride: header.width * channels.rawValue)
  }
}
