import HeadraceCore

/// Mixes the rows of a batch's tensor, in place and without allocating: mixup and cutmix.
///
/// H. Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018, https://arxiv.org/abs/1710.09412. S. Yun et al.,
/// "CutMix", 2019, https://arxiv.org/abs/1905.04899.
package enum Mixing {
  /// Mixes one row into another: x becomes `lambda * x + (1 - lambda) * y`.
  ///
  /// Products and sum are rounded to float32, the result to the type, halves to even.
  ///
  /// - Parameters:
  ///   - x: elements of `dtype`; need not be aligned.
  ///   - y: as many.
  ///   - lambda: the share of x, 0...1.
  ///   - dtype: uint8, float16, bfloat16 or float32.
  /// - Throws: `wrongType` for another dtype; `invalidArgument` for another lambda.
  /// - Complexity: O(elements).
  package static func blend(
    _ x: inout MutableRawSpan, _ y: RawSpan, lambda: Double, dtype: DType
  ) throws(HeadraceError) {
    precondition(
      x.byteCount == y.byteCount && x.byteCount.isMultiple(of: dtype.byteCount),
      "mixing \(x.byteCount) bytes of \(dtype) with \(y.byteCount)")
    guard lambda >= 0 && lambda <= 1 else {
      throw HeadraceError(.invalidArgument, "Rows cannot be mixed by \(lambda); give a share from 0 to 1.")
    }
    switch dtype {
    case .uint8:
      // To a number of this size adding 2^23 rounds to a whole one, which is then in the lowest bits.
      blend(&x, y, lambda, number: { (v: UInt8) in Float(v) }) {
        UInt8(truncatingIfNeeded: ($0 + 8_388_608).bitPattern)
      }
    case .float16: blend(&x, y, lambda, number: { (v: Float16Bits) in v.float }) { Float16Bits($0) }
    case .bfloat16: blend(&x, y, lambda, number: { (v: BFloat16) in Float(v) }) { BFloat16($0) }
    case .float32: blend(&x, y, lambda, number: { (v: Float) in v }) { $0 }
    default:
      throw HeadraceError(
        .wrongType, "Rows of \(dtype) cannot be mixed; take uint8, float16, bfloat16 or float32.")
    }
  }

  @inline(__always)
  private static func blend<Element: BitwiseCopyable>(
    _ x: inout MutableRawSpan, _ y: RawSpan, _ lambda: Double, number: (Element) -> Float,
    element: (Float) -> Element
  ) {
    let (share, rest) = (Float(lambda), Float(1 - lambda))
    unsafe x.withUnsafeMutableBytes { x in
      unsafe y.withUnsafeBytes { y in
        guard let to = x.baseAddress, let from = y.baseAddress else { return }
        for i in 0..<(x.count / MemoryLayout<Element>.size) {
          let at = i &* MemoryLayout<Element>.size
          let a = unsafe number(to.loadUnaligned(fromByteOffset: at, as: Element.self))
          let b = unsafe number(from.loadUnaligned(fromByteOffset: at, as: Element.self))
          unsafe to.storeBytes(of: element(a * share + b * rest), toByteOffset: at, as: Element.self)
        }
      }
    }
  }

  /// Copies a box of one row's image to the same place of another's.
  ///
  /// - Parameters:
  ///   - box: within the image.
  ///   - source: an image of `[H, W, C]`, or `[C, H, W]` if planar.
  ///   - target: one of the same shape and type.
  ///   - channels: at least 1.
  ///   - elementByteCount: the size of an element, in bytes.
  /// - Complexity: O(bytes of the box).
  package static func paste(
    _ box: PixelBox, from source: RawSpan, to target: inout MutableRawSpan, layout: ImageLayout,
    width: Int, height: Int, channels: Int, elementByteCount: Int
  ) {
    let byteCount = width * height * channels * elementByteCount
    precondition(
      box.isWithin(width: width, height: height) && source.byteCount >= byteCount && target.byteCount >= byteCount,
      "\(box) of \(width)x\(height), \(byteCount) bytes, from \(source.byteCount) to \(target.byteCount)")
    let planes = layout == .chw ? channels : 1
    let pixelByteCount = elementByteCount * channels / planes
    unsafe source.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for plane in 0..<planes {
          for y in box.y..<(box.y + box.height) {
            let at = ((plane * height + y) * width + box.x) * pixelByteCount
            unsafe (to + at).copyMemory(from: from + at, byteCount: box.width * pixelByteCount)
          }
        }
      }
    }
  }
}
