import CHeadracePNG
import CHeadraceSIMD

/// Decodes the PNG files that most are, faster than libpng: the image is inflated at once and unfiltered several rows at
/// a time, with vectors, straight into the pixels.
///
/// It decides nothing: what it does not take, damaged files among them, is libpng's. docs/design/0005-png.md.
package enum PNGFastPath {
  /// Rows that are unfiltered, then converted, while they are in the first-level cache.
  private static let bandHeight = 16

  /// Whether it decodes that file by itself; for tests.
  package static func takes(_ file: [UInt8], channels: ImageChannels) -> Bool {
    guard let header = try? PNG.header(of: file) else { return false }
    var pixels = [UInt8](repeating: 0, count: header.width * header.height * channels.rawValue)
    return unsafe pixels.withUnsafeMutableBufferPointer { pixels in
      unsafe decode(file.span, header, channels, .widest, into: pixels)
    }
  }

  /// Fills `pixels`, which has the size of the image in `header`.
  ///
  /// - Returns: whether it did; if not, some of the pixels may have been written.
  /// - Complexity: O(pixels + bytes); memory is reused, and taken only when the file is large enough for its pixels.
  static func decode(
    _ bytes: Span<UInt8>, _ header: PNGHeader, _ channels: ImageChannels, _ width: SIMDWidth,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    guard let layout = PNGLayout(bytes, header, channels) else { return false }
    let rows = FilteredRows(header)
    guard rows.canComeOf(compressedByteCount: layout.dataCount) else { return false }
    return PNGScratch.with { scratch in
      guard unsafe headrace_png_reserve(&scratch.inflated, rows.byteCount),
        inflate(bytes, layout, rows.byteCount, scratch)
      else { return false }
      var format = headrace_png_format()
      prepare(&format, bytes, layout, header, channels)
      if unsafe headrace_png_is_plain(&format) {
        return unsafe unfilter(rows, scratch, width, to: pixels.baseAddress!)
      }
      return unsafe convert(rows, &format, scratch, width, to: pixels)
    } ?? false
  }

  /// Inflates the IDAT chunks to exactly the image, and checks the Adler-32 of it. See RFC 1950.
  private static func inflate(
    _ bytes: Span<UInt8>, _ layout: PNGLayout, _ byteCount: Int, _ scratch: PNGScratch
  ) -> Bool {
    if let data = layout.onlyData {
      return unsafe bytes.extracting(data).withUnsafeBytes { unsafe inflate($0, byteCount, scratch) }
    }
    guard unsafe headrace_png_reserve(&scratch.gathered, layout.dataCount) else { return false }
    let stream = unsafe UnsafeMutableRawBufferPointer(start: scratch.gathered.bytes, count: layout.dataCount)
    unsafe layout.gather(bytes, into: stream)
    return unsafe inflate(UnsafeRawBufferPointer(stream), byteCount, scratch)
  }

  private static func inflate(_ stream: UnsafeRawBufferPointer, _ byteCount: Int, _ scratch: PNGScratch) -> Bool {
    // No decoder here looks whether a stream refers back further than its header says, which zlib does: all agree where
    // there is no more to refer to. The window is 2 to the 8 + CINFO. See RFC 1950, section 2.2.
    guard let first = unsafe stream.first, 1 << (8 + Int(first >> 4)) >= min(byteCount, 32 << 10) else { return false }
    let target = unsafe UnsafeMutableBufferPointer(start: scratch.inflated.bytes, count: byteCount)
    return unsafe scratch.inflater.inflate(stream, into: target)
  }

  private static func prepare(
    _ format: inout headrace_png_format, _ bytes: Span<UInt8>, _ layout: PNGLayout, _ header: PNGHeader,
    _ channels: ImageChannels
  ) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var colors = unsafe headrace_png_colors(
        palette: bytes.baseAddress! + layout.palette.lowerBound, palette_count: layout.palette.count,
        transparency: bytes.baseAddress! + layout.transparency.lowerBound,
        transparency_count: layout.transparency.count)
      unsafe headrace_png_prepare(&format, header.colorType.rawValue, Int32(channels.rawValue), &colors)
    }
  }

  /// Unfilters where a row of the file is a row of the result.
  private static func unfilter(
    _ rows: FilteredRows, _ scratch: PNGScratch, _ width: SIMDWidth, to pixels: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    var filtered = unsafe headrace_filtered_rows(
      rows: scratch.inflated.bytes, row_count: rows.count, row_bytes: rows.rowByteCount,
      pixel_bytes: rows.pixelByteCount)
    return unsafe headrace_png_unfilter(width.rawValue, &filtered, nil, pixels, rows.rowByteCount)
  }

  /// Unfilters into a band of rows, of which the first is the last of the band before, and converts from there.
  private static func convert(
    _ rows: FilteredRows, _ format: inout headrace_png_format, _ scratch: PNGScratch, _ width: SIMDWidth,
    to pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    let rowByteCount = rows.rowByteCount
    guard unsafe headrace_png_reserve(&scratch.rows, (min(bandHeight, rows.count) + 1) * rowByteCount) else {
      return false
    }
    let above = unsafe scratch.rows.bytes!
    let band = unsafe above + rowByteCount
    let columns = rowByteCount / rows.pixelByteCount
    let channels = Int(format.channels)
    for y in stride(from: 0, to: rows.count, by: bandHeight) {
      let height = min(bandHeight, rows.count - y)
      var filtered = unsafe headrace_filtered_rows(
        rows: scratch.inflated.bytes + y * (rowByteCount + 1), row_count: height, row_bytes: rowByteCount,
        pixel_bytes: rows.pixelByteCount)
      guard unsafe headrace_png_unfilter(width.rawValue, &filtered, y == 0 ? nil : above, band, rowByteCount) else {
        return false
      }
      for i in 0..<height {
        unsafe headrace_png_convert(
          &format, band + i * rowByteCount, columns, pixels.baseAddress! + (y + i) * columns * channels, channels)
      }
      unsafe above.update(from: band + (height - 1) * rowByteCount, count: rowByteCount)
    }
    return true
  }
}
