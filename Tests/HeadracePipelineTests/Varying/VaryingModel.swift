import HeadraceCore

/// What a batch of rows that differ in shape has to hold, said element by element: by index arithmetic, and with none
/// of the code that lays batches out.
struct VaryingModel {
  let spec: TensorSpec
  /// Shapes of the rows that hold samples.
  let rows: [[Int]]
  /// Rows of the batch.
  let rowCount: Int
  /// Whose elements each of the rows has.
  let samples: [Int]

  /// - Parameter samples: nil: row `i` has those of sample `i`.
  init(spec: TensorSpec, rows: [[Int]], rowCount: Int, samples: [Int]? = nil) {
    self.spec = spec
    self.rows = rows
    self.rowCount = rowCount
    self.samples = samples ?? Array(rows.indices)
  }

  /// The bytes of an element of a sample. No byte is 0 or 0xA5, and neighbours differ.
  static func element(_ sample: Int, _ index: Int, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8((sample * 41 + index * 7 + $0 * 3) % 150 + 1) }
  }

  /// The elements of a sample without padding.
  static func bytes(_ sample: Int, shape: [Int], dtype: DType) -> [UInt8] {
    (0..<shape.reduce(1, *)).flatMap { element(sample, $0, byteCount: dtype.byteCount) }
  }

  /// The extents of each row in the batch.
  var paddedShape: [Int] {
    guard case .padded(let padding) = spec.layout else { return spec.shape }
    return spec.shape.indices.map { dimension in
      guard padding.dimensions.contains(dimension) else { return spec.shape[dimension] }
      let longest = rows.map { $0[dimension] }.max() ?? 0
      switch padding.extent {
      case .longest: return longest
      case .multiple(let unit):
        var extent = 0
        while extent < longest { extent += unit }
        return extent
      case .maximum: return spec.shape[dimension]
      }
    }
  }

  /// All indices of an array of this shape, the last dimension fastest.
  static func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
  }

  private static func isWithin(_ index: [Int], _ shape: [Int]) -> Bool { zip(index, shape).allSatisfy { $0 < $1 } }

  /// The values of a padded tensor.
  func padded(padding: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    for row in 0..<rowCount {
      for index in Self.indices(paddedShape) {
        guard row < rows.count, Self.isWithin(index, rows[row]) else {
          bytes += padding
          continue
        }
        var place = 0
        for (coordinate, extent) in zip(index, rows[row]) { place = place * extent + coordinate }
        bytes += Self.element(samples[row], place, byteCount: spec.dtype.byteCount)
      }
    }
    return bytes
  }

  /// The mask of a padded tensor.
  func mask(_ dimensions: [Int]) -> [UInt8] {
    (0..<rowCount).flatMap { row in
      Self.indices(dimensions.map { paddedShape[$0] }).map { index in
        row < rows.count && Self.isWithin(index, dimensions.map { rows[row][$0] }) ? 1 : 0
      }
    }
  }

  func lengths(_ dimensions: [Int]) -> [Int32] {
    (0..<rowCount).flatMap { row in dimensions.map { row < rows.count ? Int32(rows[row][$0]) : 0 } }
  }

  /// The offsets of a ragged tensor.
  var offsets: [Int64] {
    (0...rowCount).map { end in rows.prefix(end).reduce(0) { $0 + Int64($1[0]) } }
  }

  /// The values of a ragged tensor.
  var values: [UInt8] { rows.indices.flatMap { Self.bytes(samples[$0], shape: rows[$0], dtype: spec.dtype) } }
}
