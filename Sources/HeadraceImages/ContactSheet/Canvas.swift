/// RGB pixels to draw on. What lies outside is not drawn.
struct Canvas {
  let width: Int
  let height: Int
  private(set) var pixels: [UInt8]

  /// All of one gray.
  init(width: Int, height: Int, value: UInt8) {
    self.width = width
    self.height = height
    pixels = [UInt8](repeating: value, count: width * height * 3)
  }

  mutating func fill(x: Int, y: Int, width: Int, height: Int, value: UInt8) {
    for row in y..<(y + height) {
      for column in x..<(x + width) { set(column, row, (value, value, value)) }
    }
  }

  /// Draws an image; where it is transparent, `ground` shows.
  mutating func draw(_ image: Image, x: Int, y: Int, ground: UInt8) {
    let size = image.channels.rawValue
    for row in 0..<image.height {
      for column in 0..<image.width {
        let start = (row * image.width + column) * size
        let value = image.pixels[start..<(start + size)]
        let color: (UInt8, UInt8, UInt8) =
          switch image.channels {
          case .gray: (value[start], value[start], value[start])
          case .rgb: (value[start], value[start + 1], value[start + 2])
          case .rgba:
            (
              Self.over(value[start], ground, value[start + 3]), Self.over(value[start + 1], ground, value[start + 3]),
              Self.over(value[start + 2], ground, value[start + 3])
            )
          }
        set(x + column, y + row, color)
      }
    }
  }

  /// Writes a line of text, its upper left corner at a place.
  mutating func write(_ text: String, x: Int, y: Int, value: UInt8) {
    for (index, character) in text.enumerated() {
      let left = x + index * (PixelFont.width + 1)
      for (row, bits) in PixelFont.rows(character).enumerated() {
        for column in 0..<PixelFont.width where bits & (1 << UInt8(PixelFont.width - 1 - column)) != 0 {
          set(left + column, y + row, (value, value, value))
        }
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: (UInt8, UInt8, UInt8)) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    let start = (y * width + x) * 3
    (pixels[start], pixels[start + 1], pixels[start + 2]) = color
  }

  private static func over(_ value: UInt8, _ ground: UInt8, _ alpha: UInt8) -> UInt8 {
    let (value, ground, alpha) = (Int(value), Int(ground), Int(alpha))
    return UInt8((value * alpha + ground * (255 - alpha) + 127) / 255)
  }
}
