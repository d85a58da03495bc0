import HeadraceCore

/// What a producer writes of rows of different lengths, worked out by itself: the values of all rows one behind the
/// other, and where each row begins.
///
///     rows      [a b c]  []  [d e]
///     values    a b c d e           shape [5] and that of one value
///     offsets   0 3 3 5             int64, one more than there are rows
///
/// This is how PyTorch's nested tensors (layout jagged), TensorFlow's RaggedTensor (row_splits) and Arrow's lists hold
/// them, so each of them can take the two tensors as they lie.
struct RaggedLayout: Hashable, Sendable {
  /// The tensor's name, and type and shape of one value of a row.
  let value: TensorSpec
  /// Values before each row, and after the last: ascending, from 0.
  let offsets: [Int64]

  /// - Parameters:
  ///   - value: its shape leaves out the dimension whose extent differs: empty for rows of numbers.
  ///   - lengths: values of each row, 0 or more.
  /// - Throws: `invalidArgument` for a length below 0, or if all rows together exceed the address space.
  /// - Complexity: O(rows).
  init(_ value: TensorSpec, lengths: some Sequence<Int>) throws(HeadraceError) {
    self.value = value
    var offsets: [Int64] = [0]
    var total = 0
    let maximum = Self.maximumByteCount / max(1, value.byteCount)
    for (row, length) in lengths.enumerated() {
      guard length >= 0 else {
        throw HeadraceError(
          .invalidArgument, "Row \(row) of tensor \(value) has a length of \(length); it must be 0 or more.")
      }
      guard length <= maximum - total else {
        throw HeadraceError(
          .invalidArgument,
          "With row \(row), of length \(length), tensor \(value) exceeds the address space; lower the rows of a batch.")
      }
      total += length
      offsets.append(Int64(total))
    }
    self.offsets = offsets
  }

  /// Bytes of all values together, at most; like those of any tensor of a batch.
  private static let maximumByteCount = 1 << 46

  /// How many rows there are.
  var rowCount: Int { offsets.count - 1 }
  /// Values of all rows together.
  var valueCount: Int { Int(offsets[rowCount]) }
  /// Values of the longest row: what each row has once it is padded.
  var longestLength: Int { (0..<rowCount).reduce(0) { max($0, self.range(ofRow: $1).count) } }

  /// Which values are those of a row.
  func range(ofRow row: Int) -> Range<Int> { Int(offsets[row])..<Int(offsets[row + 1]) }

  /// The two tensors `NAME.offsets` and `NAME.values`, one behind the other, each aligned to 256 bytes. The offsets
  /// come first: their place does not depend on the lengths.
  ///
  /// - Parameter byteOffset: where they may begin in a payload.
  func layOut(from byteOffset: Int = 0) -> (offsets: BatchTensor, values: BatchTensor) {
    let offsets = BatchTensor(
      name: "\(value.name).offsets", dtype: .int64, shape: [self.offsets.count],
      byteOffset: BatchTensor.aligned(byteOffset), role: .offsets)
    let values = BatchTensor(
      name: "\(value.name).values", dtype: value.dtype, shape: [valueCount] + value.shape,
      byteOffset: BatchTensor.aligned(offsets.byteOffset + offsets.byteCount), role: .values)
    return (offsets, values)
  }
}
