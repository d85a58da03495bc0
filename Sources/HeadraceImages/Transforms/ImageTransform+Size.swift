extension ImageTransform {
  /// What it makes of an image of that size; nil where it is unknown, or where it may be one or another.
  func size(after size: (width: Int, height: Int)?) -> (width: Int, height: Int)? {
    switch self {
    case .resize(let width, let height, _, _), .centerCrop(let width, let height),
      .randomCrop(let width, let height, _, _), .randomResizedCrop(let width, let height, _, _, _, _):
      return (width, height)
    case .resizeShorterSide(let pixels, _, _):
      return size.map { TransformDraw.size(ofShorterSide: pixels, width: $0.width, height: $0.height) }
    case .rotate(let quarterTurns):
      return size.map { quarterTurns.isMultiple(of: 2) ? $0 : ($0.height, $0.width) }
    case .randomQuarterTurn:
      return size.flatMap { $0.width == $0.height ? $0 : nil }
    case .pad(let left, let top, let right, let bottom, _):
      return size.map { ($0.width + left + right, $0.height + top + bottom) }
    case .horizontalFlip, .verticalFlip, .colorJitter, .grayscale, .gaussianBlur, .randomErasing, .normalize:
      return size
    }
  }

  /// Whether it can follow on `normalize`.
  var isForNormalized: Bool {
    switch self {
    case .normalize, .randomErasing: true
    default: false
    }
  }
}
