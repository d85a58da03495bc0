import HeadraceCore

/// Rows of interleaved 8-bit pixels in memory of somebody else.
struct PixelView: PixelSource, ~Escapable {
  let bytes: Span<UInt8>
  let width: Int
  let height: Int
  let channels: ImageChannels

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, width: Int, height: Int, channels: ImageChannels) {
    precondition(bytes.count == width * height * channels.rawValue)
    self.bytes = bytes
    self.width = width
    self.height = height
    self.channels = channels
  }

  var stride: Int { width * channels.rawValue }

  /// Copies a part, row by row from the top, laid as `orientation` says.
  ///
  /// - Complexity: O(pixels of the part).
  func copy(_ box: PixelBox, _ orientation: PixelOrientation, into target: inout MutableSpan<UInt8>) {
    let size = channels.rawValue
    precondition(box.isWithin(width: width, height: height) && target.count >= box.width * box.height * size)
    let first = box.y * stride + box.x * size
    let (columns, rows) = orientation.isTransposed ? (box.height, box.width) : (box.width, box.height)
    // Where the next pixel to the right and the next row of the result come from.
    var (right, down) = orientation.isTransposed ? (stride, size) : (size, stride)
    var start = first
    if orientation.isFlippedHorizontally {
      start += (columns - 1) * right
      right = -right
    }
    if orientation.isFlippedVertically {
      start += (rows - 1) * down
      down = -down
    }
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        var to = target.baseAddress!
        for row in 0..<rows {
          var from = unsafe source.baseAddress! + start + row * down
          if right == size {
            unsafe to.update(from: from, count: columns * size)
            unsafe to += columns * size
            continue
          }
          for _ in 0..<columns {
            for c in 0..<size { unsafe to[c] = from[c] }
            unsafe to += size
            unsafe from += right
          }
        }
      }
    }
  }

  func eighths(for pass: Resampling) -> Int { 8 }

  func decodedBox(for box: PixelBox) -> PixelBox { box }

  func decode(_ box: PixelBox, eighths: Int, into target: inout MutableSpan<UInt8>) throws(HeadraceError) {
    copy(box, .identity, into: &target)
  }
}
