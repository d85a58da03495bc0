import CHeadracePNG
import CWebP
import HeadraceCore

extension WebP {
  /// Decodes a box of the image straight into memory, whose rows start `stride` bytes apart.
  ///
  /// Pixels are those of the same box in the whole image. libwebp itself writes a box that is the whole image, unless
  /// it is gray; other rows are copied.
  ///
  /// - Parameters:
  ///   - header: That of these bytes.
  ///   - box: In pixels of the image; within it, and not empty.
  ///   - pixels: At least `(box.height - 1) * stride + box.width * channels.rawValue` bytes; those between rows are not
  ///     written.
  /// - Throws: as `decode(_:channels:limits:)`; some pixels may have been written then.
  /// - Complexity: O(bytes + pixels).
  package static func read(
    _ bytes: Span<UInt8>, _ header: WebPHeader, channels: ImageChannels, box: PixelBox,
    limits: DecodeLimits = .default, into pixels: UnsafeMutableBufferPointer<UInt8>, stride: Int
  ) throws(HeadraceError) {
    try check(bytes, header, box, limits)
    let rowByteCount = box.width * channels.rawValue
    precondition(
      stride >= rowByteCount && pixels.count >= (box.height - 1) * stride + rowByteCount,
      "\(pixels.count) bytes in rows of \(stride) are too few for \(box), \(channels)")
    try WebPScratch.with { scratch throws(HeadraceError) in
      try unsafe read(bytes, header, channels, box, scratch, into: pixels, stride: stride)
    }
  }

  /// What can be known before memory is taken.
  private static func check(
    _ bytes: Span<UInt8>, _ header: WebPHeader, _ box: PixelBox, _ limits: DecodeLimits
  ) throws(HeadraceError) {
    try limits.check(width: header.width, height: header.height)
    precondition(
      box.isWithin(width: header.width, height: header.height),
      "a box of \(box) is not within an image of \(header.width)x\(header.height)")
    guard !header.isAnimated else {
      throw HeadraceError(
        .malformedImage,
        "The WebP file is animated, which is not read; store the frame that is wanted as a file of its own, or leave "
          + "it out.")
    }
    guard WebPContainer.byteCount(of: bytes) <= bytes.count else { throw HeadraceError.cutWebP(at: bytes.count) }
  }

  /// Decodes what libwebp can cut out, and copies the box from there unless they are the same.
  ///
  /// libwebp's upsampling of chroma takes the cut for the image's edge, and chroma has every second row and column:
  /// with two pixels more on each side, from an even one on, pixels of the box have the neighbors that they need.
  private static func read(
    _ bytes: Span<UInt8>, _ header: WebPHeader, _ channels: ImageChannels, _ box: PixelBox, _ scratch: WebPScratch,
    into pixels: UnsafeMutableBufferPointer<UInt8>, stride: Int
  ) throws(HeadraceError) {
    let left = max(0, (box.x & ~1) - 2)
    let top = max(0, (box.y & ~1) - 2)
    let cut = PixelBox(
      x: left, y: top, width: min(header.width, box.x + box.width + 3) - left,
      height: min(header.height, box.y + box.height + 3) - top)
    if cut == box && channels != .gray {
      return try unsafe decode(bytes, cut, channels, into: pixels, stride: stride)
    }
    let size = channels == .rgba ? 4 : 3
    let cutStride = cut.width * size
    let cutByteCount = cut.height * cutStride
    try scratch.margins.reserve(cutByteCount)
    let wide = unsafe UnsafeMutableBufferPointer(start: scratch.margins.start, count: cutByteCount)
    try unsafe decode(bytes, cut, channels == .rgba ? .rgba : .rgb, into: wide, stride: cutStride)
    var format = headrace_png_format()
    if channels == .gray {
      var colors = unsafe headrace_png_colors()
      unsafe headrace_png_prepare(&format, PNGHeader.ColorType.rgb.rawValue, 1, &colors)
    }
    for y in 0..<box.height {
      let source = unsafe wide.baseAddress! + (box.y - top + y) * cutStride + (box.x - left) * size
      let row = unsafe pixels.baseAddress! + y * stride
      if channels == .gray {
        unsafe headrace_png_convert(&format, source, box.width, row, 1)
      } else {
        unsafe row.update(from: source, count: box.width * size)
      }
    }
  }

  /// One call of libwebp, for RGB or RGBA.
  private static func decode(
    _ bytes: Span<UInt8>, _ cut: PixelBox, _ channels: ImageChannels,
    into pixels: UnsafeMutableBufferPointer<UInt8>, stride: Int
  ) throws(HeadraceError) {
    var config = unsafe WebPDecoderConfig()
    precondition(unsafe WebPInitDecoderConfig(&config) != 0, "libwebp is of another version than its header")
    unsafe config.options.use_cropping = 1
    unsafe config.options.crop_left = Int32(cut.x)
    unsafe config.options.crop_top = Int32(cut.y)
    unsafe config.options.crop_width = Int32(cut.width)
    unsafe config.options.crop_height = Int32(cut.height)
    unsafe config.output.colorspace = channels == .rgba ? MODE_RGBA : MODE_RGB
    unsafe config.output.is_external_memory = 1
    unsafe config.output.u.RGBA = WebPRGBABuffer(
      rgba: pixels.baseAddress, stride: Int32(stride), size: pixels.count)
    let status = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe WebPDecode(bytes.baseAddress, bytes.count, &config)
    }
    unsafe WebPFreeDecBuffer(&config.output)
    guard status == VP8_STATUS_OK else { throw HeadraceError.failedWebP(status, of: bytes.count) }
  }
}
