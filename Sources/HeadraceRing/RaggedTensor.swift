import HeadraceCore

/// Rows of different lengths in one batch, where they lie: the values of all of them, and where each row begins.
///
///     rows      [a b c]  []  [d e]
///     values    a b c d e
///     offsets   0 3 3 5
///
/// This is how PyTorch's nested tensors (layout jagged), TensorFlow's RaggedTensor (row_splits) and Arrow's lists hold
/// them, so each of them can take the two tensors as they lie. It cannot outlive its batch.
public struct RaggedTensor<Element: TensorElement>: ~Escapable {
  /// The elements of all rows, one row behind the other.
  public let values: Span<Element>
  /// Where each row begins, counted in values of `valueShape`, and where the last one ends: from 0, ascending.
  public let offsets: Span<Int64>
  /// The shape of one value: empty for rows of numbers.
  public let valueShape: [Int]
  /// Elements of one value.
  private let stride: Int

  /// - Returns: nil when the offsets do not lead from 0 to the last value.
  /// - Complexity: O(rows).
  @_lifetime(copy values, copy offsets)
  init?(_ values: Span<Element>, _ offsets: Span<Int64>, _ shape: [Int]) {
    var last: Int64 = 0
    guard offsets.count > 0, offsets[0] == 0 else { return nil }
    for index in offsets.indices {
      guard offsets[index] >= last else { return nil }
      last = offsets[index]
    }
    guard last == shape[0] else { return nil }
    self.values = values
    self.offsets = offsets
    valueShape = Array(shape.dropFirst())
    stride = valueShape.reduce(1, *)
  }

  /// Rows, those that hold no sample included: they are empty.
  public var count: Int { offsets.count - 1 }

  /// How many values a row has.
  ///
  /// - Precondition: `row` is 0 to `count` - 1.
  public func length(ofRow row: Int) -> Int { range(ofRow: row).count }

  /// The elements of a row, value after value: as many as its length times those of a value.
  ///
  /// - Precondition: `row` is 0 to `count` - 1.
  /// - Complexity: O(1): a view of the slot.
  public subscript(row: Int) -> Span<Element> {
    @_lifetime(copy self)
    get {
      let range = range(ofRow: row)
      return values.extracting((range.lowerBound * stride)..<(range.upperBound * stride))
    }
  }

  /// Which values are those of a row.
  private func range(ofRow row: Int) -> Range<Int> {
    precondition(row >= 0 && row < count, "row \(row) of a ragged tensor of \(count)")
    // Checked once, but the memory is shared: whatever stands there now, the range is one of the values.
    let end = values.count / max(stride, 1)
    let start = min(max(Int(offsets[row]), 0), end)
    return start..<min(max(Int(offsets[row + 1]), start), end)
  }
}
