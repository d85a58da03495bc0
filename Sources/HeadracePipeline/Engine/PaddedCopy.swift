/// Copies a row into the corner of a larger one of the same rank, and fills the rest: each byte is written once.
///
///     row [2, 3]   a b c      in [3, 4]   a b c .
///                  d e f                  d e f .
///                                         . . . .
@safe struct PaddedCopy {
  private let shape: [Int]
  private let padding: [UInt8]
  /// Bytes from one index of each dimension to the next.
  private let strides: [Int]

  /// - Parameters:
  ///   - shape: the larger one.
  ///   - padding: the bytes of an element.
  init(shape: [Int], elementByteCount: Int, padding: [UInt8]) {
    self.shape = shape
    self.padding = padding
    var strides = Array(repeating: elementByteCount, count: shape.count)
    for dimension in shape.indices.dropLast().reversed() {
      strides[dimension] = strides[dimension + 1] * shape[dimension + 1]
    }
    self.strides = strides
  }

  /// - Parameters:
  ///   - source: the row's elements without gaps; nil for bytes of 1, of which an element is one then.
  ///   - row: its shape, in no dimension larger.
  @unsafe func copy(
    _ source: UnsafeRawBufferPointer?, shape row: [Int], to target: UnsafeMutableRawBufferPointer
  ) {
    // From here on inwards both are equal: one piece of memory for each index of the dimensions before.
    let last = row.indices.last { row[$0] != shape[$0] } ?? 0
    var start = 0
    unsafe copy(source, &start, row, dimension: 0, last: last, to: target)
  }

  @unsafe private func copy(
    _ source: UnsafeRawBufferPointer?, _ start: inout Int, _ row: [Int], dimension: Int, last: Int,
    to target: UnsafeMutableRawBufferPointer
  ) {
    let stride = strides[dimension]
    let end = row[dimension] * stride
    if dimension == last {
      let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: target[..<end])
      if let source = unsafe source {
        unsafe piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + end)]))
      } else {
        unsafe piece.fill(with: [1])
      }
      start += end
    } else {
      for index in 0..<row[dimension] {
        let part = unsafe target[(index * stride)..<((index + 1) * stride)]
        unsafe copy(
          source, &start, row, dimension: dimension + 1, last: last, to: UnsafeMutableRawBufferPointer(rebasing: part))
      }
    }
    unsafe UnsafeMutableRawBufferPointer(rebasing: target[end...]).fill(with: padding)
  }
}
