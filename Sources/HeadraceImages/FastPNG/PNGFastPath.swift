import CHeadracePNG
import CHeadraceSIMD

/// Decodes the PNG files that most are, faster than libpng: the image is inflated at once and unfiltered several rows
/// at a time, with vectors, straight into the pixels.
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
      unsafe decode(file.span, header, channels, .widest, rows: 0..<header.height, into: pixels)
    }
  }

  /// Fills `pixels`, which has the size of so many rows of the image in `header`.
  ///
  /// - Returns: whether it did; if not, some of the pixels may have been written.
  /// - Complexity: O(pixels + bytes); memory is reused, and taken only when the file is large enough for its pixels.
  static func decode(
    _ bytes: Span<UInt8>, _ header: PNGHeader, _ channels: ImageChannels, _ width: SIMDWidth, rows wanted: Range<Int>,
    into pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    guard let layout = PNGLayout(bytes, header, channels) else { return false }
    let rows = FilteredRows(header)
    guard rows.canComeOf(compressedByteCount: layout.dataCount) else { return false }
    return PNGScratch.with { scratch in
      guard scratch.inflated.makeRoom(for: rows.byteCount),
        inflate(bytes, layout, rows.byteCount, scratch, by: header.colorType.decoder),
        let start = unsafe rows.start(of: wanted.lowerBound, scratch.inflated.start!)
      else { return false }
      var format = headrace_png_format()
      prepare(&format, bytes, layout, header, channels)
      let isPlain = unsafe headrace_png_is_plain(&format)
      if start < wanted.lowerBound || !isPlain {
        let bandByteCount = (min(bandHeight, rows.count) + 1) * rows.rowByteCount
        guard scratch.rows.makeRoom(for: bandByteCount) else { return false }
      }
      guard unsafe pass(start..<wanted.lowerBound, rows, scratch, width) else { return false }
      let above = unsafe start < wanted.lowerBound ? scratch.rows.start : nil
      if isPlain {
        return unsafe unfilter(wanted, of: rows, above, scratch, width, to: pixels.baseAddress!)
      }
      return unsafe convert(wanted, of: rows, above, &format, scratch, width, to: pixels)
    } ?? false
  }

  /// Inflates the IDAT chunks to exactly the image, and checks the Adler-32 of it. See RFC 1950.
  private static func inflate(
    _ bytes: Span<UInt8>, _ layout: PNGLayout, _ byteCount: Int, _ scratch: PNGScratch, by decoder: Inflater.Decoder?
  ) -> Bool {
    if let data = layout.onlyData {
      return unsafe bytes.extracting(data).withUnsafeBytes { unsafe inflate($0, byteCount, scratch, by: decoder) }
    }
    guard scratch.gathered.makeRoom(for: layout.dataCount) else { return false }
    let stream = unsafe UnsafeMutableRawBufferPointer(start: scratch.gathered.start, count: layout.dataCount)
    unsafe layout.gather(bytes, into: stream)
    return unsafe inflate(UnsafeRawBufferPointer(stream), byteCount, scratch, by: decoder)
  }

  private static func inflate(
    _ stream: UnsafeRawBufferPointer, _ byteCount: Int, _ scratch: PNGScratch, by decoder: Inflater.Decoder?
  ) -> Bool {
    // No decoder here looks whether a stream refers back further than its header says, which zlib does: all agree where
    // there is no more to refer to. The window is 2 to the 8 + CINFO. See RFC 1950, section 2.2.
    guard let first = unsafe stream.first, 1 << (8 + Int(first >> 4)) >= min(byteCount, 32 << 10) else { return false }
    let target = unsafe UnsafeMutableBufferPointer(start: scratch.inflated.start, count: byteCount)
    return unsafe scratch.inflater.inflate(stream, into: target, by: decoder)
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

  /// Unfilters rows one below the other; `above` is the row above the first, nil where that looks at none.
  private static func unfilter(
    _ wanted: Range<Int>, of rows: FilteredRows, _ above: UnsafeMutablePointer<UInt8>?, _ scratch: PNGScratch,
    _ width: SIMDWidth, to pixels: UnsafeMutablePointer<UInt8>
  ) -> Bool {
    var filtered = unsafe headrace_filtered_rows(
      rows: scratch.inflated.start! + wanted.lowerBound * (rows.rowByteCount + 1), row_count: wanted.count,
      row_bytes: rows.rowByteCount, pixel_bytes: rows.pixelByteCount)
    return unsafe headrace_png_unfilter(width.rawValue, &filtered, above, pixels, rows.rowByteCount)
  }

  /// Unfilters rows in bands, behind the first row of the scratch, where the last one is left: what the next row needs.
  private static func pass(
    _ passed: Range<Int>, _ rows: FilteredRows, _ scratch: PNGScratch, _ width: SIMDWidth,
    _ visit: (_ band: UnsafeMutablePointer<UInt8>, _ rows: Range<Int>) -> Void = { _, _ in },
    above first: UnsafeMutablePointer<UInt8>? = nil
  ) -> Bool {
    let rowByteCount = rows.rowByteCount
    for y in stride(from: passed.lowerBound, to: passed.upperBound, by: bandHeight) {
      let part = y..<min(y + bandHeight, passed.upperBound)
      let above = unsafe scratch.rows.start!
      let band = unsafe above + rowByteCount
      guard unsafe unfilter(part, of: rows, y == passed.lowerBound ? first : above, scratch, width, to: band) else {
        return false
      }
      unsafe visit(band, part)
      unsafe above.update(from: band + (part.count - 1) * rowByteCount, count: rowByteCount)
    }
    return true
  }

  /// Unfilters rows in bands, and converts them from there.
  private static func convert(
    _ wanted: Range<Int>, of rows: FilteredRows, _ above: UnsafeMutablePointer<UInt8>?,
    _ format: inout headrace_png_format, _ scratch: PNGScratch, _ width: SIMDWidth,
    to pixels: UnsafeMutableBufferPointer<UInt8>
  ) -> Bool {
    let columns = rows.rowByteCount / rows.pixelByteCount
    let channels = Int(format.channels)
    return unsafe pass(
      wanted, rows, scratch, width,
      { band, part in
        for y in part {
          unsafe headrace_png_convert(
            &format, band + (y - part.lowerBound) * rows.rowByteCount, columns,
            pixels.baseAddress! + (y - wanted.lowerBound) * columns * channels, channels)
        }
      }, above: above)
  }
}

extension PNGHeader.ColorType {
  /// What inflates such an image; nil: whatever its size says. Indices of a palette are matches more often than not.
  fileprivate var decoder: Inflater.Decoder? { self == .palette ? .libdeflate : nil }
}
