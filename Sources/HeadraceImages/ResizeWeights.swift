/// The weights with which the pixels of one line add up to each pixel of a longer or shorter line.
///
/// A triangle, as wide as two source pixels when enlarging and as two result pixels when reducing, so that every
/// source pixel counts. Weights are fixed-point numbers of 22 fractional bits.
///
/// Source: the algorithm of Pillow's `Image.resize` with `Resampling.BILINEAR` (src/libImaging/Resample.c), whose
/// results this reproduces bit by bit; the operations on floating-point numbers therefore keep its order.
struct ResizeWeights {
  static let fractionBits: Int32 = 22
  /// One half, added before the fraction is cut off.
  static let half: Int32 = 1 << (fractionBits - 1)

  /// The first source pixel that counts, for each result pixel.
  let starts: [Int]
  /// How many source pixels count, for each result pixel.
  let counts: [Int]
  /// `stride` weights for each result pixel, of which `counts` are used.
  let weights: [Int32]
  let stride: Int

  /// Weights that map `source` pixels to `target` pixels, both at least 1.
  ///
  /// - Complexity: O(source + target).
  init(from source: Int, to target: Int) {
    let scale = Double(source) / Double(target)
    let support = max(scale, 1)
    let inverse = 1 / support
    // The support rounded up, on either side of the center; in integers, as Double.rounded would need libm.
    let stride = max(1, (source + target - 1) / target) * 2 + 1
    var starts = [Int](), counts = [Int]()
    starts.reserveCapacity(target)
    counts.reserveCapacity(target)
    var weights = [Int32](repeating: 0, count: target * stride)
    var line = [Double](repeating: 0, count: stride)

    for i in 0..<target {
      let center = (Double(i) + 0.5) * scale
      let start = max(0, Int(center - support + 0.5))
      let count = min(source, Int(center + support + 0.5)) - start
      var sum = 0.0
      for k in 0..<count {
        let distance = abs((Double(k + start) - center + 0.5) * inverse)
        line[k] = distance < 1 ? 1 - distance : 0
        sum += line[k]
      }
      for k in 0..<count {
        let weight = sum != 0 ? line[k] / sum : line[k]
        weights[i * stride + k] = Int32(0.5 + weight * Double(1 << Self.fractionBits))
      }
      starts.append(start)
      counts.append(count)
    }
    self.starts = starts
    self.counts = counts
    self.weights = weights
    self.stride = stride
  }

  /// The pixel of a weighted sum that began with `half`.
  @inline(__always)
  static func pixel(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, sum >> fractionBits)))
  }
}
