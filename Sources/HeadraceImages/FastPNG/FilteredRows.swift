/// The sizes of an image of 8-bit samples as it is inflated: rows of a filter type and as many bytes as its pixels
/// have.
///
/// See https://www.w3.org/TR/png-3/#7Scanline
struct FilteredRows {
  /// Deflate makes no more of a byte than this: two bits can stand for 258 bytes. See RFC 1951, section 3.2.5.
  static let largestRatio = 1032

  /// Rows of the image.
  let count: Int
  /// Bytes of a pixel, 1 to 4.
  let pixelByteCount: Int
  /// Bytes of a row without the filter type.
  let rowByteCount: Int

  init(_ header: PNGHeader) {
    count = header.height
    pixelByteCount =
      switch header.colorType {
      case .gray, .palette: 1
      case .grayAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    rowByteCount = header.width * pixelByteCount
  }

  /// Bytes of all rows with their filter types. Width and height have 31 bits, and a limit on pixels has been checked.
  var byteCount: Int { count * (rowByteCount + 1) }

  /// Whether so few compressed bytes can hold the image: if not, no memory need be taken for it.
  func canComeOf(compressedByteCount: Int) -> Bool { byteCount / Self.largestRatio <= compressedByteCount }

  /// From which row on rows are to be unfiltered so that row `y` comes out: the last up to it whose filter looks at
  /// none above. Nil where a row has a filter that does not exist.
  ///
  /// See https://www.w3.org/TR/png-3/#9Filters
  func start(of y: Int, _ inflated: UnsafePointer<UInt8>) -> Int? {
    var start = 0
    for row in 0..<count {
      let filter = unsafe inflated[row * (rowByteCount + 1)]
      if filter > 4 { return nil }
      // None, and the difference to the pixel on the left.
      if filter <= 1 && row <= y { start = row }
    }
    return start
  }
}
