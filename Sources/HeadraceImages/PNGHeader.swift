/// What the first 33 bytes of a PNG file say about it.
///
/// See the IHDR chunk in the PNG specification, third edition: https://www.w3.org/TR/png-3/#11IHDR
public struct PNGHeader: Hashable, Sendable {
  /// Width in pixels, 1 to 2,147,483,647.
  public var width: Int
  /// Height in pixels, 1 to 2,147,483,647.
  public var height: Int
  /// Bits per sample, or per palette index: 1, 2, 4, 8 or 16.
  public var bitDepth: Int
  /// The kind of pixels in the file; what they are decoded into is the caller's choice.
  public var colorType: ColorType
  /// Whether the pixels are stored in the seven passes of Adam7.
  public var isInterlaced: Bool

  /// A header with these fields, such as tests compare with; `PNG.header(of:)` reads one.
  public init(width: Int, height: Int, bitDepth: Int, colorType: ColorType, isInterlaced: Bool) {
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.colorType = colorType
    self.isInterlaced = isInterlaced
  }

  /// Bits of a pixel, 1 to 64.
  var pixelBitCount: Int {
    switch colorType {
    case .gray, .palette: bitDepth
    case .grayAlpha: 2 * bitDepth
    case .rgb: 3 * bitDepth
    case .rgba: 4 * bitDepth
    }
  }

  /// The kinds of pixels that a PNG file can store.
  public enum ColorType: UInt8, Hashable, Sendable, CaseIterable {
    // Raw values are those of the format.
    /// Gray, of 1, 2, 4, 8 or 16 bits.
    case gray = 0
    /// Red, green, blue, of 8 or 16 bits each.
    case rgb = 2
    /// Indices of 1, 2, 4 or 8 bits into a table of colours, which may have an alpha each.
    case palette = 3
    /// Gray and alpha, of 8 or 16 bits each.
    case grayAlpha = 4
    /// Red, green, blue, alpha, of 8 or 16 bits each.
    case rgba = 6
  }
}
