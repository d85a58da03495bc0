import CHeadracePNG
import HeadraceCore

extension PNG {
  /// Decodes a file straight into a tensor of its size: uint8, `[H, W, C]` with C 1, 3 or 4, or `[H, W]` for gray.
  ///
  /// The tensor's channels decide what is decoded. Files of 8 bits a sample that are not interlaced take a path whose
  /// memory, about the bytes of the image, is that of earlier images: it allocates nothing once one as large was there,
  /// up to 64 MiB, which are kept for each decode that runs at once. For others libpng allocates its state and a row.
  /// When this throws after the header, some elements of the tensor may have been written.
  ///
  /// - Throws: `wrongType` when the tensor is no uint8 image or its size is another; `limitExceeded` when there are
  ///   more pixels than `limits` allows, before anything is allocated; `malformedImage` when the file is cut or
  ///   damaged, with the byte; `outOfMemory`.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, limits: DecodeLimits = .default
  ) throws(HeadraceError) {
    try decode(bytes, into: tensor, limits: limits, path: .standard)
  }

  /// Decodes into a tensor on a path that the caller chooses; for benchmarks and tests.
  ///
  /// - Throws: as `decode(_:into:limits:)`, whichever path it is.
  package static func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, limits: DecodeLimits = .default, path: PNGPath
  ) throws(HeadraceError) {
    var tensor = tensor
    let shape = try ImageShape(tensor)
    let header = try checkedHeader(of: bytes, limits: limits)
    try shape.check(tensor, holdsWidth: header.width, height: header.height)
    var pixels = try tensor.elements(as: UInt8.self)
    let report = unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      unsafe read(bytes, header, shape.channels, limits, path, into: pixels)
    }
    guard report.isSuccess else { throw report.error(reading: bytes) }
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
  ///   `malformedImage` when the file is cut or damaged, with the byte; `outOfMemory`.
  /// - Complexity: O(pixels + bytes).
  public static func decode(
    _ bytes: Span<UInt8>, channels: ImageChannels, limits: DecodeLimits = .default
  ) throws(HeadraceError) -> Image {
    try decode(bytes, channels: channels, limits: limits, path: .standard)
  }

  /// Decodes into memory of its own on a path that the caller chooses; for benchmarks and tests.
  ///
  /// - Throws: as `decode(_:channels:limits:)`, whichever path it is.
  package static func decode(
    _ bytes: Span<UInt8>, channels: ImageChannels, limits: DecodeLimits = .default, path: PNGPath
  ) throws(HeadraceError) -> Image {
    let header = try checkedHeader(of: bytes, limits: limits)
    return try unsafe Image(width: header.width, height: header.height, channels: channels) {
      pixels throws(HeadraceError) in
      let report = unsafe read(bytes, header, channels, limits, path, into: pixels)
      guard report.isSuccess else { throw report.error(reading: bytes) }
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

  /// The header of a file that memory may be taken for.
  ///
  /// - Throws: `malformedImage` also where the file is too short to hold its pixels; `limitExceeded`.
  static func checkedHeader(
    of bytes: Span<UInt8>, limits: DecodeLimits
  ) throws(HeadraceError) -> PNGHeader {
    let header = try header(of: bytes)
    try limits.check(width: header.width, height: header.height)
    // Filter types, and the ends of rows that fill no byte, come on top. The limit leaves room for 64 bits a pixel.
    let byteCount = header.width * header.height / 8 * header.pixelBitCount
    guard byteCount / FilteredRows.largestRatio <= bytes.count else {
      throw HeadraceError(
        .malformedImage,
        "The PNG file is cut or damaged: its \(bytes.count) bytes cannot hold \(header.width)x\(header.height) pixels"
          + " of \(header.pixelBitCount) bits; fetch or write it again, or leave it out.")
    }
    return header
  }

  /// Fills `pixels`, which must have exactly the size of so many rows of the image.
  ///
  /// Rows above them are not converted, nor are those below them unfiltered, where libpng is not asked.
  ///
  /// - Throws: as `decode(_:channels:limits:)`, also for damage outside of the rows; some pixels may have been written
  ///   then.
  static func read(
    _ bytes: Span<UInt8>, channels: ImageChannels, limits: DecodeLimits, rows: Range<Int>,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) throws(HeadraceError) {
    let header = try checkedHeader(of: bytes, limits: limits)
    let stride = header.width * channels.rawValue
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= header.height && pixels.count == stride * rows.count,
      "a buffer of \(pixels.count) bytes for rows \(rows) of \(header)")
    if unsafe PNGFastPath.decode(bytes, header, channels, .widest, rows: rows, into: pixels) { return }
    if rows.count == header.height {
      let report = unsafe read(bytes, header, channels, limits, .libpng, into: pixels)
      guard report.isSuccess else { throw report.error(reading: bytes) }
    } else {
      let whole = try decode(bytes, channels: channels, limits: limits, path: .libpng)
      unsafe whole.pixels.withUnsafeBufferPointer { whole in
        _ = unsafe pixels.update(fromContentsOf: whole[(rows.lowerBound * stride)..<(rows.upperBound * stride)])
      }
    }
  }

  /// Fills `pixels`, which must have exactly the size of the image in `header`.
  private static func read(
    _ bytes: Span<UInt8>, _ header: PNGHeader, _ channels: ImageChannels, _ limits: DecodeLimits,
    _ path: PNGPath, into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> CallReport {
    let stride = header.width * channels.rawValue
    precondition(pixels.count == stride * header.height, "a buffer of \(pixels.count) bytes for \(header)")
    if case .fast(let width) = path,
      unsafe PNGFastPath.decode(
        bytes, header, channels, width, rows: 0..<header.height, into: pixels)
    {
      return .success
    }
    var request = headrace_png_request(
      width: UInt32(header.width), height: UInt32(header.height), maximum_pixels: UInt64(limits.maximumPixels),
      channels: Int32(channels.rawValue))
    return unsafe CallReport.of { failure in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe headrace_png_decode(bytes.baseAddress, bytes.count, &request, pixels.baseAddress, stride, failure)
      }
    }
  }
}
