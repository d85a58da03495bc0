extension PixelExtension {
  /// Copies the box, row by row from the top; what lies beyond the image is as the mode says.
  ///
  /// - Complexity: O(pixels of the box); allocates nothing.
  func copy(_ source: borrowing PixelView, into target: inout MutableSpan<UInt8>) {
    let size = source.channels.rawValue
    precondition(
      source.width >= 1 && source.height >= 1 && box.width >= 0 && box.height >= 0
        && target.count >= box.width * box.height * size,
      "\(box) of \(source.width)x\(source.height) \(source.channels) into \(target.count) bytes")
    let (x, stride) = (box.x, source.stride)
    // Columns of the box that the image has.
    let first = min(max(-x, 0), box.width)
    let end = min(max(source.width - x, first), box.width)
    let value: UInt8 = if case .constant(let value) = mode { value } else { 0 }

    unsafe source.bytes.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        guard var to = target.baseAddress, let pixels = source.baseAddress else { return }
        let (width, height) = (stride / size, source.count / stride)
        for y in box.y..<(box.y + box.height) {
          guard let y = mode.index(y, of: height) else {
            unsafe to.update(repeating: value, count: box.width * size)
            unsafe to += box.width * size
            continue
          }
          let row = unsafe pixels + y * stride
          for column in 0..<first {
            unsafe Self.copyPixel(mode.index(x + column, of: width), of: row, size, else: value, to: to + column * size)
          }
          if first < end {
            unsafe (to + first * size).update(from: row + (x + first) * size, count: (end - first) * size)
          }
          for column in end..<box.width {
            unsafe Self.copyPixel(mode.index(x + column, of: width), of: row, size, else: value, to: to + column * size)
          }
          unsafe to += box.width * size
        }
      }
    }
  }

  /// Copies a pixel of a row; if there is none, the value stands in all channels.
  @inline(__always)
  private static func copyPixel(
    _ index: Int?, of row: UnsafePointer<UInt8>, _ size: Int, else value: UInt8, to target: UnsafeMutablePointer<UInt8>
  ) {
    for c in 0..<size { unsafe target[c] = index.map { unsafe row[$0 * size + c] } ?? value }
  }
}
