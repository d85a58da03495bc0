/// Resizes interleaved 8-bit pixels along rows or along columns, rounding to 8 bits.
///
/// Inner loops do not check bounds: `ResizeWeights` keeps starts and counts within the line, and the two functions
/// check the sizes of their buffers on entry.
enum Resize {
  /// Makes rows of `width` pixels into rows of another width.
  ///
  /// - Complexity: O(height * (width + target width)).
  static func rows(
    _ source: Span<UInt8>, width: Int, height: Int, channels: ImageChannels, to targetWidth: Int,
    into target: inout MutableSpan<UInt8>
  ) {
    let size = channels.rawValue
    precondition(source.count == width * height * size && target.count == targetWidth * height * size)
    let weights = ResizeWeights(from: width, to: targetWidth)
    for y in 0..<height {
      let line = y * width * size
      let targetLine = y * targetWidth * size
      switch channels {
      case .gray: row(source, line, weights, 1, into: &target, targetLine)
      case .rgb: row(source, line, weights, 3, into: &target, targetLine)
      case .rgba: row(source, line, weights, 4, into: &target, targetLine)
      }
    }
  }

  /// One row; inlined, so that `size`, the bytes of a pixel, is a constant and the sums stay in registers.
  @inline(__always)
  private static func row(
    _ source: Span<UInt8>, _ line: Int, _ weights: ResizeWeights, _ size: Int,
    into target: inout MutableSpan<UInt8>, _ targetLine: Int
  ) {
    let factors = weights.weights.span
    let starts = weights.starts.span
    let counts = weights.counts.span
    for x in 0..<starts.count {
      var (r, g, b, a) = (ResizeWeights.half, ResizeWeights.half, ResizeWeights.half, ResizeWeights.half)
      var from = unsafe line &+ starts[unchecked: x] &* size
      let first = x &* weights.stride
      let end = unsafe first &+ counts[unchecked: x]
      var k = first
      while k < end {
        let factor = unsafe factors[unchecked: k]
        unsafe r &+= Int32(source[unchecked: from]) &* factor
        if size > 1 {
          unsafe g &+= Int32(source[unchecked: from &+ 1]) &* factor
          unsafe b &+= Int32(source[unchecked: from &+ 2]) &* factor
        }
        if size > 3 { unsafe a &+= Int32(source[unchecked: from &+ 3]) &* factor }
        from &+= size
        k &+= 1
      }
      let to = targetLine &+ x &* size
      unsafe target[unchecked: to] = ResizeWeights.pixel(r)
      if size > 1 {
        unsafe target[unchecked: to &+ 1] = ResizeWeights.pixel(g)
        unsafe target[unchecked: to &+ 2] = ResizeWeights.pixel(b)
      }
      if size > 3 { unsafe target[unchecked: to &+ 3] = ResizeWeights.pixel(a) }
    }
  }

  /// Makes `height` rows of `rowByteCount` bytes into another number of rows.
  ///
  /// - Complexity: O(row bytes * (height + target height)).
  static func columns(
    _ source: Span<UInt8>, rowByteCount: Int, height: Int, to targetHeight: Int,
    into target: inout MutableSpan<UInt8>
  ) {
    precondition(source.count == rowByteCount * height && target.count == rowByteCount * targetHeight)
    let weights = ResizeWeights(from: height, to: targetHeight)
    // A row of sums, so that memory is read along rows.
    var sums = [Int32](repeating: 0, count: rowByteCount)
    var sum = sums.mutableSpan
    for y in 0..<targetHeight {
      for i in 0..<rowByteCount { unsafe sum[unchecked: i] = ResizeWeights.half }
      for k in 0..<weights.counts[y] {
        let factor = weights.weights[y * weights.stride + k]
        let line = (weights.starts[y] + k) * rowByteCount
        for i in 0..<rowByteCount {
          unsafe sum[unchecked: i] &+= Int32(source[unchecked: line &+ i]) &* factor
        }
      }
      let targetLine = y * rowByteCount
      for i in 0..<rowByteCount {
        unsafe target[unchecked: targetLine &+ i] = ResizeWeights.pixel(sum[unchecked: i])
      }
    }
  }
}
