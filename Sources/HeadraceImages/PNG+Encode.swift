import CHeadracePNG
import HeadraceCore

extension PNG {
  /// Encodes an image as 8-bit gray, RGB or RGBA without interlacing; for packers, benchmarks and tests.
  ///
  /// - Parameter compression: zlib's level: 0 stores, 1 is fast, 9 is small.
  /// - Throws: `invalidArgument` when a side exceeds 2,147,483,647 pixels or `compression` is not 0 to 9;
  ///   `outOfMemory`.
  /// - Complexity: O(pixels).
  public static func encode(_ image: Image, compression: Int = 6) throws(HeadraceError) -> [UInt8] {
    try encode(image, palette: [], compression: compression)
  }

  /// Encodes a gray image whose pixels are indices into a palette of 1 to 256 colors, red, green and blue of each; as
  /// it is where there is no palette. For benchmarks.
  ///
  /// - Throws: as `encode(_:compression:)`.
  package static func encode(
    _ image: Image, palette: [UInt8], compression: Int
  ) throws(HeadraceError) -> [UInt8] {
    precondition(palette.count % 3 == 0 && palette.count <= 768 && (palette.isEmpty || image.channels == .gray))
    guard (0...9).contains(compression) else {
      throw HeadraceError(.invalidArgument, "compression is \(compression); use 0 (none) to 9 (smallest).")
    }
    guard image.width <= Int32.max && image.height <= Int32.max else {
      throw HeadraceError(
        .invalidArgument, "The image is \(image), PNG allows 2147483647 pixels each way; cut it into tiles.")
    }
    var request = headrace_png_request(
      width: UInt32(image.width), height: UInt32(image.height), maximum_pixels: UInt64.max,
      channels: Int32(image.channels.rawValue))
    var file = unsafe headrace_png_file()
    let report = unsafe CallReport.of { failure in
      unsafe image.pixels.withUnsafeBufferPointer { pixels in
        unsafe palette.withUnsafeBufferPointer { palette in
          var colors = unsafe headrace_png_colors(
            palette: palette.baseAddress, palette_count: palette.count, transparency: nil, transparency_count: 0)
          return unsafe headrace_png_encode(
            pixels.baseAddress, image.width * image.channels.rawValue, &request, &colors, Int32(compression), &file,
            failure)
        }
      }
    }
    defer { unsafe headrace_png_free(&file) }
    guard report.isSuccess else {
      if Int(report.status) == Int(HEADRACE_PNG_NO_MEMORY) {
        throw HeadraceError(.outOfMemory, "No memory to encode an image of \(image); lower the stage's concurrency.")
      }
      throw HeadraceError(.invalidArgument, "libpng cannot encode an image of \(image): \(report.text).")
    }
    return unsafe [UInt8](UnsafeBufferPointer(start: file.bytes, count: file.count))
  }
}
