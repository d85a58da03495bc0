import HeadraceImages

/// Resizing in the plainest words: weights and sums of one result after the other, as Pillow's Resample.c has them.
enum PlainResize {
  /// The source pixels of one result and their weights, of 22 fractional bits.
  struct Result: Equatable {
    var start: Int
    var weights: [Int32]
  }

  /// The weights of pixel `index` of `target` pixels that are made of `source` pixels, or of an interval of them.
  static func result(
    _ interpolation: Interpolation, antialias: Bool, source: Int, interval: Range<Double>? = nil, target: Int,
    index: Int
  ) -> Result {
    let interval = interval ?? 0..<Double(source)
    let scale = (interval.upperBound - interval.lowerBound) / Double(target)
    if interpolation == .nearest {
      var center = interval.lowerBound + scale * 0.5
      for _ in 0..<index { center += scale }
      return Result(start: Int(center), weights: [1 << 22])
    }
    let widened = antialias ? max(scale, 1) : 1
    let support = interpolation == .bicubic ? 2 * widened : widened
    let inverse = 1 / widened
    let center = interval.lowerBound + (Double(index) + 0.5) * scale
    let start = max(0, Int(center - support + 0.5))
    let end = min(source, Int(center + support + 0.5))
    let taps = (start..<end).map { kernel(interpolation, (Double($0) - center + 0.5) * inverse) }
    let sum = taps.reduce(0, +)
    let weights = taps.map { tap in
      let weight = sum != 0 ? tap / sum : tap
      return Int32((weight < 0 ? -0.5 : 0.5) + weight * Double(1 << 22))
    }
    return Result(start: start, weights: weights)
  }

  /// One line of `channels` interleaved; results of the window, in reverse order if mirrored.
  static func line(
    _ line: [UInt8], channels: Int, _ interpolation: Interpolation, antialias: Bool, source: Range<Int>,
    interval: Range<Double>? = nil, target: Int, window: Range<Int>, mirrored: Bool
  ) -> [UInt8] {
    let first = Double(source.lowerBound)
    let interval = interval.map { ($0.lowerBound - first)..<($0.upperBound - first) }
    let indices = mirrored ? Array(window.reversed()) : Array(window)
    return indices.flatMap { index in
      let result = result(
        interpolation, antialias: antialias, source: source.count, interval: interval, target: target, index: index)
      return (0..<channels).map { channel in
        var sum: Int32 = 1 << 21
        for (k, weight) in result.weights.enumerated() {
          sum += Int32(line[(source.lowerBound + result.start + k) * channels + channel]) * weight
        }
        return UInt8(max(0, min(255, sum >> 22)))
      }
    }
  }

  /// All pixels, resized along both axes, in Pillow's order of the two; alpha is a channel like others.
  static func image(
    _ image: Image, _ interpolation: Interpolation, antialias: Bool = true, width: Int, height: Int
  ) -> Image {
    let columnsComeFirst = height < image.height && image.height - height > 2 * (image.width - width)
    func wider(_ image: Image) -> Image {
      let stride = image.width * image.channels.rawValue
      let rows = (0..<image.height).map { y in
        line(
          Array(image.pixels[(y * stride)..<((y + 1) * stride)]), channels: image.channels.rawValue, interpolation,
          antialias: antialias, source: 0..<image.width, target: width, window: 0..<width, mirrored: false)
      }
      return Image(width: width, height: image.height, channels: image.channels, pixels: rows.flatMap { $0 })
    }
    // A column is a line whose pixels are rows.
    func higher(_ image: Image) -> Image {
      let pixels = line(
        image.pixels, channels: image.width * image.channels.rawValue, interpolation, antialias: antialias,
        source: 0..<image.height, target: height, window: 0..<height, mirrored: false)
      return Image(width: image.width, height: height, channels: image.channels, pixels: pixels)
    }
    return columnsComeFirst ? wider(higher(image)) : higher(wider(image))
  }

  private static func kernel(_ interpolation: Interpolation, _ distance: Double) -> Double {
    let x = abs(distance)
    if interpolation == .bilinear { return x < 1 ? 1 - x : 0 }
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
  }
}
