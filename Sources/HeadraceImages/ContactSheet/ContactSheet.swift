import HeadraceCore

/// Many small pictures on one, each with a line of text under it: to look at what a model will see.
public struct ContactSheet: Sendable {
  /// Pictures in a row.
  public let columns: Int
  /// Width and height of a picture's place, in pixels. Larger pictures are made smaller, smaller ones stay.
  public let side: Int
  private var pictures: [(image: Image, label: String)] = []

  private static let margin = 4
  private static let paper: UInt8 = 255
  private static let ink: UInt8 = 32
  /// Behind what is transparent, and around pictures that do not fill their place.
  private static let ground: UInt8 = 232

  /// An empty sheet; both at least 1, a side of 16 at least.
  public init(columns: Int = 8, side: Int = 128) {
    precondition(columns >= 1 && side >= 16, "a sheet of \(columns) columns of \(side) pixels")
    self.columns = columns
    self.side = side
  }

  /// How many pictures it has.
  public var count: Int { pictures.count }

  /// Puts a picture into the next place, and as much of the text under it as fits.
  ///
  /// - Complexity: O(pixels).
  public mutating func add(_ image: Image, label: String) {
    let scale = min(1, Double(side) / Double(max(image.width, image.height)))
    func scaled(_ extent: Int) -> Int { min(side, max(1, Int((Double(extent) * scale).rounded()))) }
    let (width, height) = (scaled(image.width), scaled(image.height))
    let isWhole = width == image.width && height == image.height
    pictures.append((isWhole ? image : image.resized(width: width, height: height), label))
  }

  /// The sheet, in RGB; of no picture, an empty place.
  ///
  /// - Complexity: O(pixels).
  public func image() -> Image {
    let place = (width: side + Self.margin, height: side + PixelFont.height + 2 * Self.margin)
    let used = max(1, min(columns, pictures.count))
    let rows = max(1, (pictures.count + columns - 1) / columns)
    let width = used * place.width + Self.margin
    let height = rows * place.height + Self.margin
    var canvas = Canvas(width: width, height: height, value: Self.paper)
    for (index, picture) in pictures.enumerated() {
      let x = Self.margin + index % columns * place.width
      let y = Self.margin + index / columns * place.height
      canvas.fill(x: x, y: y, width: side, height: side, value: Self.ground)
      let (image, label) = picture
      canvas.draw(image, x: x + (side - image.width) / 2, y: y + (side - image.height) / 2, ground: Self.ground)
      let letters = side / (PixelFont.width + 1)
      canvas.write(String(label.prefix(letters)), x: x, y: y + side + Self.margin, value: Self.ink)
    }
    return Image(width: width, height: height, channels: .rgb, pixels: canvas.pixels)
  }
}
