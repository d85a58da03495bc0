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

  /// The kinds of pixels that a PNG file can store.
  public enum ColorType: UInt8, Hashable, Sendable, CaseIterable {
    // Raw values are those of the format.
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6
  }
}
