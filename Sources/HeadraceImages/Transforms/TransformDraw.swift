import HeadraceCore
import HeadraceSystem

/// Makes the random choices of a list of transforms for one image.
///
/// Distributions are torchvision's; see `ImageTransform`.
struct TransformDraw {
  /// Where the choices come from; what is drawn of it next is what follows on them.
  private(set) var random: SampleRandom
  /// Of the image as it is after the steps so far.
  private(set) var width: Int
  private(set) var height: Int
  private(set) var steps: [ImageStep] = []
  private let limits: DecodeLimits

  /// - Parameters:
  ///   - width, height: of the image at first.
  ///   - limits: also of what a resize or padding makes of it, since a line of pixels may be very long.
  init(width: Int, height: Int, random: SampleRandom, limits: DecodeLimits = .default) {
    self.width = width
    self.height = height
    self.random = random
    self.limits = limits
  }

  /// Draws for one transform more.
  ///
  /// - Throws: `wrongType` where the image is too small for a crop or for mirrored padding; `limitExceeded` where it
  ///   would become larger than the limits allow.
  mutating func add(_ transform: ImageTransform) throws(HeadraceError) {
    switch transform {
    case .resize(let width, let height, let interpolation, let antialias):
      try resize(width, height, ResizeKernel(interpolation: interpolation, antialias: antialias))
    case .resizeShorterSide(let pixels, let interpolation, let antialias):
      let (width, height) = Self.size(ofShorterSide: pixels, width: width, height: height)
      try resize(width, height, ResizeKernel(interpolation: interpolation, antialias: antialias))
    case .centerCrop(let width, let height): try centerCrop(width, height)
    case .randomCrop(let width, let height, let padding, let mode):
      try pad(left: padding, top: padding, right: padding, bottom: padding, mode)
      try randomCrop(width, height)
    case .randomResizedCrop(let width, let height, let scale, let ratio, let interpolation, let antialias):
      crop(resizedCropBox(scale, ratio))
      try resize(width, height, ResizeKernel(interpolation: interpolation, antialias: antialias))
    case .horizontalFlip(let probability):
      if random.chance(probability) { steps.append(.flip(horizontally: true, vertically: false)) }
    case .verticalFlip(let probability):
      if random.chance(probability) { steps.append(.flip(horizontally: false, vertically: true)) }
    case .rotate(let quarterTurns): turn(((quarterTurns % 4) + 4) % 4)
    case .randomQuarterTurn: turn(random.number(below: 4))
    case .pad(let left, let top, let right, let bottom, let mode):
      try pad(left: left, top: top, right: right, bottom: bottom, mode)
    case .colorJitter(let brightness, let contrast, let saturation, let hue):
      jitter(brightness: brightness, contrast: contrast, saturation: saturation, hue: hue)
    case .grayscale(let probability):
      if random.chance(probability) { steps.append(.adjust(.grayscale)) }
    case .gaussianBlur(let kernelSize, let sigma):
      steps.append(.blur(kernelSize: kernelSize, sigma: random.uniform(sigma)))
    case .randomErasing(let probability, let scale, let ratio, let value):
      guard random.chance(probability), let box = erasedBox(scale, ratio) else { return }
      steps.append(.erase(box, value: value))
    case .normalize(let mean, let deviation): steps.append(.normalize(mean: mean, deviation: deviation))
    }
  }

  /// Exchanges the steps for others, such as none with memory that was kept.
  mutating func exchangeSteps(_ others: inout [ImageStep]) { swap(&steps, &others) }

  /// What a shorter side of `pixels` makes of an image: the longer side is rounded down.
  static func size(ofShorterSide pixels: Int, width: Int, height: Int) -> (width: Int, height: Int) {
    if width <= height { return (pixels, pixels * height / width) }
    return (pixels * width / height, pixels)
  }

  private mutating func resize(_ width: Int, _ height: Int, _ kernel: ResizeKernel) throws(HeadraceError) {
    guard width != self.width || height != self.height else { return }
    try limits.check(width: width, height: height)
    steps.append(.resize(width: width, height: height, kernel))
    (self.width, self.height) = (width, height)
  }

  private mutating func crop(_ box: PixelBox) {
    guard box.width != width || box.height != height else { return }
    steps.append(.crop(box))
    (width, height) = (box.width, box.height)
  }

  private mutating func turn(_ quarterTurns: Int) {
    guard quarterTurns != 0 else { return }
    steps.append(.turn(quarterTurns))
    if quarterTurns != 2 { (width, height) = (height, width) }
  }

  private mutating func pad(
    left: Int, top: Int, right: Int, bottom: Int, _ mode: PaddingMode
  ) throws(HeadraceError) {
    guard left + top + right + bottom > 0 else { return }
    try limits.check(width: width + left + right, height: height + top + bottom)
    // A mirror shows no more than there is.
    let reach: (Int) -> Int
    switch mode {
    case .constant, .edge: reach = { _ in .max }
    case .reflect: reach = { $0 - 1 }
    case .symmetric: reach = { $0 }
    }
    guard max(left, right) <= reach(width), max(top, bottom) <= reach(height) else {
      throw HeadraceError(
        .wrongType,
        "The image is \(width)x\(height), too small to be mirrored by \(max(left, right)) and \(max(top, bottom))"
          + " pixels; resize it before, or pad with a constant.")
    }
    steps.append(.pad(left: left, top: top, right: right, bottom: bottom, mode))
    width += left + right
    height += top + bottom
  }

  private mutating func centerCrop(_ targetWidth: Int, _ targetHeight: Int) throws(HeadraceError) {
    let (missingWidth, missingHeight) = (max(0, targetWidth - width), max(0, targetHeight - height))
    try pad(
      left: missingWidth / 2, top: missingHeight / 2, right: (missingWidth + 1) / 2, bottom: (missingHeight + 1) / 2,
      .constant(0))
    // Half of what is left over, rounded to the even number, as Python's round does.
    func margin(_ rest: Int) -> Int {
      rest.isMultiple(of: 2) ? rest / 2 : (rest / 2).isMultiple(of: 2) ? rest / 2 : rest / 2 + 1
    }
    crop(
      PixelBox(
        x: margin(width - targetWidth), y: margin(height - targetHeight), width: targetWidth, height: targetHeight)
    )
  }

  private mutating func randomCrop(_ targetWidth: Int, _ targetHeight: Int) throws(HeadraceError) {
    guard targetWidth <= width, targetHeight <= height else {
      throw HeadraceError(
        .wrongType,
        "The image is \(width)x\(height) with its padding, smaller than the crop of \(targetWidth)x\(targetHeight);"
          + " resize it before, pad it, or leave it out.")
    }
    let y = random.number(below: height - targetHeight + 1)
    let x = random.number(below: width - targetWidth + 1)
    crop(PixelBox(x: x, y: y, width: targetWidth, height: targetHeight))
  }

  private mutating func resizedCropBox(_ scale: ClosedRange<Double>, _ ratio: ClosedRange<Double>) -> PixelBox {
    for _ in 0..<Self.tries {
      let (w, h) = part(scale, ratio)
      guard (1...width).contains(w), (1...height).contains(h) else { continue }
      let y = random.number(below: height - h + 1)
      let x = random.number(below: width - w + 1)
      return PixelBox(x: x, y: y, width: w, height: h)
    }
    let shape = Double(width) / Double(height)
    var (w, h) = (width, height)
    if shape < ratio.lowerBound {
      h = rounded(Double(w) / ratio.lowerBound)
    } else if shape > ratio.upperBound {
      w = rounded(Double(h) * ratio.upperBound)
    }
    (w, h) = (min(max(w, 1), width), min(max(h, 1), height))
    return PixelBox(x: (width - w) / 2, y: (height - h) / 2, width: w, height: h)
  }

  private mutating func erasedBox(_ scale: ClosedRange<Double>, _ ratio: ClosedRange<Double>) -> PixelBox? {
    for _ in 0..<Self.tries {
      // torchvision's ratio of what is erased is height : width.
      let (h, w) = part(scale, ratio)
      guard h >= 1, w >= 1, h < height, w < width else { continue }
      let y = random.number(below: height - h + 1)
      let x = random.number(below: width - w + 1)
      return PixelBox(x: x, y: y, width: w, height: h)
    }
    return nil
  }

  /// Extents of a part with an area and a shape that are drawn: the first is that which `ratio` times the other makes.
  private mutating func part(_ scale: ClosedRange<Double>, _ ratio: ClosedRange<Double>) -> (Int, Int) {
    let area = Double(width) * Double(height) * random.uniform(scale)
    let logarithms = Exponential.logarithm(ratio.lowerBound)...Exponential.logarithm(ratio.upperBound)
    let shape = Exponential.value(random.uniform(logarithms))
    return (rounded((area * shape).squareRoot()), rounded((area / shape).squareRoot()))
  }

  private mutating func jitter(brightness: Double, contrast: Double, saturation: Double, hue: Double) {
    func factors(_ extent: Double) -> ClosedRange<Double> { max(0, 1 - extent)...(1 + extent) }
    var order = [0, 1, 2, 3]
    for i in stride(from: 3, to: 0, by: -1) { order.swapAt(i, random.number(below: i + 1)) }
    let drawn = [brightness, contrast, saturation].map { random.uniform(factors($0)) }
    let turn = random.uniform(-hue...hue)
    for kind in order {
      switch kind {
      case 0 where brightness > 0: steps.append(.adjust(.brightness(drawn[0])))
      case 1 where contrast > 0: steps.append(.adjust(.contrast(drawn[1])))
      case 2 where saturation > 0: steps.append(.adjust(.saturation(drawn[2])))
      case 3 where hue > 0: steps.append(.adjust(.hue(turn)))
      default: break
      }
    }
  }

  private func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }

  private static let tries = 10
}
