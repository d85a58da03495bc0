/// Part of an image, resized, of that a part, and that laid otherwise: what crops, a resize, flips and turns in a row come
/// to, done at once.
struct Resampling: Hashable {
  /// The part of the image that counts.
  var box: PixelBox
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
}
