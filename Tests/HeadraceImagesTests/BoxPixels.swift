import HeadraceCore
import HeadraceImages

/// The pixels of a box of a file, row by row, without anything between.
enum BoxPixels {
  static func of(
    _ file: [UInt8], _ header: JPEGHeader, _ channels: ImageChannels, _ eighths: Int, _ box: PixelBox,
    _ truncation: TruncationPolicy = .refuse, limits: DecodeLimits = .default, isPlain: Bool = false
  ) throws(HeadraceError) -> [UInt8] {
    try unsafe read(channels, box) { pixels, stride throws(HeadraceError) in
      try unsafe JPEG.read(
        file.span, header, channels: channels, eighths: eighths, box: box, truncation: truncation, limits: limits,
        into: pixels, stride: stride, isPlain: isPlain)
    }
  }

  static func of(
    _ file: [UInt8], _ header: WebPHeader, _ channels: ImageChannels, _ box: PixelBox
  ) throws(HeadraceError) -> [UInt8] {
    try unsafe read(channels, box) { pixels, stride throws(HeadraceError) in
      try unsafe WebP.read(file.span, header, channels: channels, box: box, into: pixels, stride: stride)
    }
  }

  private static func read(
    _ channels: ImageChannels, _ box: PixelBox,
    _ body: (_ pixels: UnsafeMutableBufferPointer<UInt8>, _ stride: Int) throws(HeadraceError) -> Void
  ) throws(HeadraceError) -> [UInt8] {
    let stride = box.width * channels.rawValue
    var pixels = [UInt8](repeating: 0, count: box.height * stride)
    try unsafe pixels.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in try unsafe body(pixels, stride) }
    return pixels
  }
}
