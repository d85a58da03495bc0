import HeadraceCore

extension ImageTransform {
  /// The largest extent that a size may have, in pixels.
  static let maximumExtent = DecodeLimits.default.maximumExtent

  /// What is wrong with the parameters, whatever the image; nil if nothing is.
  var mistake: String? {
    switch self {
    case .resize(let width, let height, _, _), .centerCrop(let width, let height): Self.sizeMistake(width, height)
    case .resizeShorterSide(let pixels, _, _): Self.sizeMistake(pixels, pixels)
    case .randomCrop(let width, let height, let padding, _):
      Self.sizeMistake(width, height) ?? Self.rangeMistake("padding", padding, 0...Self.maximumExtent)
    case .randomResizedCrop(let width, let height, let scale, let ratio, _, _):
      Self.sizeMistake(width, height) ?? Self.shareMistake("scale", scale) ?? Self.positiveMistake("ratio", ratio)
    case .horizontalFlip(let probability), .verticalFlip(let probability), .grayscale(let probability):
      Self.rangeMistake("probability", probability, 0...1)
    case .rotate, .randomQuarterTurn: nil
    case .pad(let left, let top, let right, let bottom, _):
      [("left", left), ("top", top), ("right", right), ("bottom", bottom)].lazy
        .compactMap { Self.rangeMistake($0.0, $0.1, 0...Self.maximumExtent) }.first
    case .colorJitter(let brightness, let contrast, let saturation, let hue):
      [("brightness", brightness), ("contrast", contrast), ("saturation", saturation)].lazy
        .compactMap { Self.rangeMistake($0.0, $0.1, 0...1000) }.first ?? Self.rangeMistake("hue", hue, 0...0.5)
    case .gaussianBlur(let kernelSize, let sigma):
      GaussianBlur.isPossible(kernelSize: kernelSize)
        ? Self.positiveMistake("sigma", sigma)
        : "the kernel size is \(kernelSize), it must be odd, from 1 to \(GaussianBlur.maximumKernelSize)"
    case .randomErasing(let probability, let scale, let ratio, let value):
      Self.rangeMistake("probability", probability, 0...1) ?? Self.shareMistake("scale", scale)
        ?? Self.positiveMistake("ratio", ratio)
        ?? (value.allSatisfy(\.isFinite) ? nil : "value is \(value), its numbers must be finite")
    case .normalize(let mean, let deviation):
      mean.isEmpty || !mean.allSatisfy(\.isFinite)
        ? "mean is \(mean), it must be one number, or one for each channel"
        : deviation.isEmpty || !deviation.allSatisfy({ $0.isFinite && $0 > 0 })
          ? "deviation is \(deviation), it must be one number above 0, or one for each channel" : nil
    }
  }

  /// What is wrong with a list, whatever the size of the images, as a sentence; nil if nothing is.
  ///
  /// - Parameter channels: those of the images; nil where they are not known yet, so that nothing is compared with
  ///   them.
  static func mistake(in list: [ImageTransform], channels: ImageChannels?) -> String? {
    var isNormalized = false
    for transform in list {
      if let mistake = transform.mistake { return "\(transform) is not possible: \(mistake)." }
      if let channels, let mistake = transform.mistake(of: channels) { return mistake }
      if isNormalized, !transform.isForNormalized { return "\(transform) works on pixels; put it before normalize." }
      guard case .normalize = transform else { continue }
      if isNormalized { return "\(transform) is the second normalize of the list; leave one out." }
      isNormalized = true
    }
    return nil
  }

  /// Looks for mistakes in a list that makes an `Image` of each image, as a pipeline does when it is planned.
  ///
  /// - Parameter channels: those of the images; nil where they are not known yet.
  /// - Throws: `invalidPipeline`.
  package static func validateForImages(_ list: [ImageTransform], channels: ImageChannels?) throws(HeadraceError) {
    if let mistake = mistake(in: list, channels: channels) { throw HeadraceError(.invalidPipeline, mistake) }
    if list.contains(where: \.makesFloats) { throw HeadraceError(.invalidPipeline, floatMistake) }
  }

  /// What is wrong with a `normalize` where an `Image` is wanted.
  static let floatMistake = "An Image has pixels, no normalized values; leave normalize out."

  /// Whether what comes of it are no pixels.
  var makesFloats: Bool {
    if case .normalize = self { true } else { false }
  }

  /// What is wrong with it for images of those channels, as a sentence; nil if nothing is.
  private func mistake(of channels: ImageChannels) -> String? {
    let count = channels.rawValue
    switch self {
    case .normalize(let mean, let deviation):
      return [mean, deviation].first { $0.count != 1 && $0.count != count }.map {
        "\(self) has \($0.count) numbers; images of \(channels) have \(count) channels."
      }
    case .randomErasing(_, _, _, let value) where value.count > 1 && value.count != count:
      return "\(self) has \(value.count) values; images of \(channels) have \(count) channels."
    case .colorJitter(_, _, let saturation, let hue)
    where channels == .rgba || channels == .gray && (saturation != 0 || hue != 0):
      return "\(self) needs images of rgb, or of gray without saturation and hue; these are \(channels)."
    case .grayscale where channels == .rgba:
      return "\(self) needs images of rgb; these are \(channels)."
    default: return nil
    }
  }

  private static func sizeMistake(_ width: Int, _ height: Int) -> String? {
    (1...maximumExtent).contains(width) && (1...maximumExtent).contains(height)
      ? nil : "the size is \(width)x\(height), each side must have 1 to \(maximumExtent) pixels"
  }

  private static func rangeMistake<Value: Comparable>(
    _ name: String, _ value: Value, _ range: ClosedRange<Value>
  ) -> String? {
    range.contains(value) ? nil : "\(name) is \(value), it must be from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func shareMistake(_ name: String, _ range: ClosedRange<Double>) -> String? {
    range.lowerBound > 0 && range.upperBound <= 1
      ? nil : "\(name) is \(range.lowerBound)...\(range.upperBound), it must be a range of shares above 0, up to 1"
  }

  private static func positiveMistake(_ name: String, _ range: ClosedRange<Double>) -> String? {
    range.lowerBound > 0 && range.upperBound.isFinite
      ? nil : "\(name) is \(range.lowerBound)...\(range.upperBound), its bounds must be above 0"
  }
}
