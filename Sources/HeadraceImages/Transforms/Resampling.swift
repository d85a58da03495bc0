/// Part of an image, resized, of that a part, and that laid otherwise: what crops, a resize, flips and turns in a row
/// come to, done at once.
struct Resampling: Hashable {
  /// The part of the image that counts.
  var box: PixelBox
  /// What of the box is resized, where its edges lie within pixels; nil: all of it.
  private(set) var area: FractionalBox?
  /// What the box is resized to; nil: it is taken as it is.
  private(set) var resize: Resize?
  /// How the window is laid.
  private(set) var orientation = PixelOrientation.identity

  /// A resize, and what is needed of its result.
  struct Resize: Hashable {
    let width: Int
    let height: Int
    let kernel: ResizeKernel
    var window: PixelBox
  }

  /// An image of that size as it is.
  init(width: Int, height: Int) { box = PixelBox(x: 0, y: 0, width: width, height: height) }

  /// What the window is of, before it is laid otherwise.
  private var taken: PixelBox { resize?.window ?? box }

  var width: Int { orientation.isTransposed ? taken.height : taken.width }
  var height: Int { orientation.isTransposed ? taken.width : taken.height }

  /// Whether the result is the box, pixel by pixel in its order.
  var isCopy: Bool { resize == nil && orientation == .identity }

  mutating func crop(_ part: PixelBox) {
    let origin = orientation.origin(of: part, width: width, height: height)
    if resize == nil {
      box = origin.moved(x: box.x, y: box.y)
    } else {
      resize!.window = origin.moved(x: resize!.window.x, y: resize!.window.y)
    }
  }

  mutating func flip(horizontally: Bool, vertically: Bool) {
    orientation.flip(horizontally: horizontally, vertically: vertically)
  }

  /// Lays an image that nothing was done to.
  mutating func orient(_ orientation: PixelOrientation) { self.orientation = orientation }

  mutating func turn(_ quarterTurns: Int) {
    for _ in 0..<quarterTurns { orientation.turn() }
  }

  /// Resizes; false, and nothing done, where it is resized already: one filter after another is another image.
  mutating func resize(width: Int, height: Int, _ kernel: ResizeKernel) -> Bool {
    guard resize == nil else { return false }
    let (width, height) = orientation.isTransposed ? (height, width) : (width, height)
    resize = Resize(
      width: width, height: height, kernel: kernel, window: PixelBox(x: 0, y: 0, width: width, height: height))
    return true
  }

  /// The scales, in eighths of the size as stored, for which libjpeg-turbo has vectors. docs/design/0015-jpeg-webp.md.
  private static let fastEighths = [1, 2, 4]

  /// How many eighths of a JPEG image's size are enough: at those the box is still `reducingGap` times as wide and as
  /// high as what it is resized to, or more.
  ///
  /// All 8 where nothing is resized, or where a result is made of the nearest pixels only.
  func eighths(reducingGap: Double) -> Int {
    guard let resize, resize.kernel.antialias, resize.kernel.interpolation != .nearest else { return 8 }
    return Self.fastEighths.first { eighths in
      Double(box.width * eighths) >= 8 * reducingGap * Double(resize.width)
        && Double(box.height * eighths) >= 8 * reducingGap * Double(resize.height)
    } ?? 8
  }

  /// The same of an image that is scaled to so many eighths.
  func scaled(toEighths eighths: Int) -> Resampling {
    guard eighths < 8 else { return self }
    let (right, bottom) = (box.x + box.width, box.y + box.height)
    var scaled = self
    let (x, y) = (box.x * eighths / 8, box.y * eighths / 8)
    scaled.box = PixelBox(
      x: x, y: y, width: (right * eighths + 7) / 8 - x, height: (bottom * eighths + 7) / 8 - y)
    scaled.area = FractionalBox(
      columns: (Double(box.x * eighths) / 8)..<(Double(right * eighths) / 8),
      rows: (Double(box.y * eighths) / 8)..<(Double(bottom * eighths) / 8))
    return scaled
  }
}
