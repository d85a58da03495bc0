import HeadraceCore

/// How the images of one batch are mixed: drawn, and applied to rows.
package enum MixDraw: Hashable {
  /// Each image keeps `share` of itself.
  case blend(share: Double)
  /// Each image has that box, which may be empty, of the other; it keeps `share` of itself.
  case paste(PixelBox, share: Double)

  /// What an image keeps of itself, from 0 to 1.
  package var share: Double {
    switch self {
    case .blend(let share), .paste(_, let share): share
    }
  }

  /// Draws for images of a size.
  package init(_ mixing: ImageMixing, width: Int, height: Int, random: inout SampleRandom) {
    switch mixing {
    case .mixUp(let alpha): self = .blend(share: random.beta(alpha))
    case .cutMix(let alpha):
      let share = random.beta(alpha)
      let (x, y) = (random.number(below: width), random.number(below: height))
      // Half of what each side keeps of the image's.
      let half = 0.5 * (1 - share).squareRoot()
      let (halfWidth, halfHeight) = (Int(half * Double(width)), Int(half * Double(height)))
      let (left, right) = (max(0, x - halfWidth), min(width, x + halfWidth))
      let (top, bottom) = (max(0, y - halfHeight), min(height, y + halfHeight))
      let box = PixelBox(x: left, y: top, width: right - left, height: bottom - top)
      self = .paste(box, share: 1 - Double(box.width * box.height) / Double(width * height))
    }
  }

  /// Mixes rows of images, each with the one before it.
  ///
  /// - Parameters:
  ///   - rows: images without gaps, at least one.
  ///   - spec: what one of them is.
  /// - Throws: `wrongType` for elements that cannot be mixed.
  /// - Complexity: O(elements).
  package func apply(
    to rows: inout MutableRawSpan, _ spec: TensorSpec, layout: ImageLayout
  ) throws(HeadraceError) {
    switch self {
    case .blend(let share): try Self.blend(&rows, spec, share: share)
    case .paste(let box, _):
      // Nothing of the other image: the share was near 1, or the box is outside.
      guard box.width > 0, box.height > 0 else { return }
      let (height, width, channels) = layout.extents(of: spec.shape)
      try Self.withPairs(&rows, spec) { (row, other) throws(HeadraceError) in
        Mixing.paste(
          box, from: other, to: &row, layout: layout, width: width, height: height, channels: channels,
          elementByteCount: spec.dtype.byteCount)
      }
    }
  }

  /// Mixes rows of anything else, such as shares of classes, as the images are.
  package func applyShare(to rows: inout MutableRawSpan, _ spec: TensorSpec) throws(HeadraceError) {
    try Self.blend(&rows, spec, share: share)
  }

  private static func blend(
    _ rows: inout MutableRawSpan, _ spec: TensorSpec, share: Double
  ) throws(HeadraceError) {
    try withPairs(&rows, spec) { (row, other) throws(HeadraceError) in
      try Mixing.blend(&row, other, lambda: share, dtype: spec.dtype)
    }
  }

  /// Calls `mix` for each row and the one before it as it was: from the last row on, with a copy of it for the first.
  private static func withPairs(
    _ rows: inout MutableRawSpan, _ spec: TensorSpec,
    _ mix: (_ row: inout MutableRawSpan, _ other: RawSpan) throws(HeadraceError) -> Void
  ) throws(HeadraceError) {
    let byteCount = spec.byteCount
    let count = rows.byteCount / byteCount
    guard count > 1 else { return }
    try unsafe rows.withUnsafeMutableBytes { (bytes) throws(HeadraceError) in
      func row(_ index: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[(index * byteCount)..<((index + 1) * byteCount)])
      }
      let last = unsafe [UInt8](row(count - 1))
      for index in (1..<count).reversed() {
        var mixed = unsafe MutableRawSpan(_unsafeBytes: row(index))
        try unsafe mix(&mixed, RawSpan(_unsafeBytes: UnsafeRawBufferPointer(row(index - 1))))
      }
      var mixed = unsafe MutableRawSpan(_unsafeBytes: row(0))
      try unsafe mix(&mixed, last.span.bytes)
    }
  }
}
