/// One of the eight ways to lay a rectangle of pixels on itself: swapped about its diagonal or not, then mirrored.
struct PixelOrientation: Hashable, Sendable {
  /// Whether rows become columns, before anything is mirrored.
  var isTransposed = false
  var isFlippedHorizontally = false
  var isFlippedVertically = false

  /// As it is.
  static let identity = PixelOrientation()

  /// What makes of an image as stored the one that is to be shown. See Exif 2.32, section 4.6.4.
  init(_ orientation: ImageOrientation) {
    self.init()
    switch orientation {
    case .topLeft: break
    case .topRight: isFlippedHorizontally = true
    case .bottomRight: (isFlippedHorizontally, isFlippedVertically) = (true, true)
    case .bottomLeft: isFlippedVertically = true
    case .leftTop: isTransposed = true
    case .rightTop: (isTransposed, isFlippedHorizontally) = (true, true)
    case .rightBottom: (isTransposed, isFlippedHorizontally, isFlippedVertically) = (true, true, true)
    case .leftBottom: (isTransposed, isFlippedVertically) = (true, true)
    }
  }

  init() {}

  /// Mirrors what this makes.
  mutating func flip(horizontally: Bool, vertically: Bool) {
    if horizontally { isFlippedHorizontally.toggle() }
    if vertically { isFlippedVertically.toggle() }
  }

  /// Turns what this makes counterclockwise by a quarter: the diagonal swaps, then top and bottom.
  mutating func turn() {
    isTransposed.toggle()
    (isFlippedHorizontally, isFlippedVertically) = (isFlippedVertically, isFlippedHorizontally)
    isFlippedVertically.toggle()
  }

  /// Where a part of the result lies in what the result is made of.
  ///
  /// - Parameters: width and height of the result.
  func origin(of box: PixelBox, width: Int, height: Int) -> PixelBox {
    var origin = box
    if isFlippedHorizontally { origin.x = width - box.x - box.width }
    if isFlippedVertically { origin.y = height - box.y - box.height }
    if isTransposed { origin = PixelBox(x: origin.y, y: origin.x, width: origin.height, height: origin.width) }
    return origin
  }
}
