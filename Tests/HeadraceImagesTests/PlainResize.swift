import HeadraceImages

/// Resizing in the plainest words: weights and sums of one result after the other, as Pillow's Resample.c has them.
enum PlainResize {
  /// The source pixels of one result and their weights, of 22 fractional bits.
  struct Result: Equatable {
    var start: Int
    var weights: [Int32]
  }

  /// The weights of pixel `index` of `target` pixels that are made of `source` pixels.
  static func result(_ interpolation: Interpolation, antialias: Bool, source: Int, target: Int, index: Int) -> Result {
    let scale = Double(source) / Double(target)
    if interpolation == .nearest {
      var center = scale * 0.5
      for _ in 0..<index { center += scale }
      return Result(start: Int(center), weights: [1 << 22])
    }
    let widened = antialias ? max(scale, 1) : 1
    let support = interpolation == .bicubic ? 2 * widened : widened
    let inverse = 1 / widened
    let center = (Double(index) + 0.5) * scale
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
    _ line: [UInt8], channels: Int, _ interpolation: Interpolation, antialias: Bool, source: Range<Int>, target: Int,
    window: Range<Int>, mirrored: Bool
  ) -> [UInt8] {
    let indices = mirrored ? Array(window.reversed()) : Array(window)
    return indices.flatMap { index in
      let result = result(
        interpolation, antialias: antialias, source: source.count, target: target, index: index)
      return (0..<channels).map { channel in
        var sum: Int32 = 1 << 21
        for (k, weight) in result.weights.enumerated() {
          sum += Int32(line[(source.lowerBound + result.start + k) * channels + channel]) * weight
        }
        return UInt8(max(0, min(255, sum >> 22)))
      }
    }
  }

  private static func kernel(_ interpolation: Interpolation, _ distance: Double) -> Double {
    let x = abs(distance)
    if interpolation == .bilinear { return x < 1 ? 1 - x : 0 }
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
  }
}
