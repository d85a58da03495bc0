extension TensorSpec {
  /// The same tensor with rows that may be smaller than its shape, and are filled up to a common shape in each batch.
  ///
  /// ```swift
  /// TensorSpec("tokens", .int32, shape: [512]).padded()
  /// TensorSpec("mel", .float32, shape: [3000, 80]).padded(to: .multiple(of: 8), with: -1)
  /// ```
  ///
  /// The batch's tensor has a row for each sample, of the shape that `extent` says, and a second tensor beside it tells
  /// what is padding: `tokens.lengths` or `tokens.mask`. A row is copied once, when its batch is complete and its place
  /// known; none is with `.maximum` where only the first dimension differs.
  ///
  /// - Parameters:
  ///   - extent: how far rows are filled up.
  ///   - value: the padding; the dtype must be able to hold it.
  ///   - dimensions: those in which rows differ; `shape` has the largest extent of each.
  ///   - validity: how a batch tells what is padding.
  ///   - maximumByteCount: bytes of all rows of a batch, padding included; nil for those of full rows.
  public func padded(
    to extent: Padding.Extent = .longest, with value: Double = 0, dimensions: [Int] = [0],
    validity: Padding.Validity = .lengths, maximumByteCount: Int? = nil
  ) -> TensorSpec {
    var spec = self
    spec.layout = .padded(
      Padding(dimensions: dimensions, value: value, extent: extent, validity: validity))
    spec.maximumByteCount = maximumByteCount
    return spec
  }

  /// The same tensor with rows that may be shorter than its shape in the first dimension, and follow one another
  /// without padding.
  ///
  /// A batch holds two tensors of it: `NAME.values`, of all rows, and `NAME.offsets` of int64, one more than there are
  /// rows. `Batch.ragged(_:as:)` reads both. A row is copied once, when its batch is complete and its place known.
  ///
  /// - Parameter maximumByteCount: bytes of the values of a batch; nil for those of full rows.
  public func ragged(maximumByteCount: Int? = nil) -> TensorSpec {
    var spec = self
    spec.layout = .ragged
    spec.maximumByteCount = maximumByteCount
    return spec
  }

  /// The dimensions of a row in which rows may differ, ascending.
  public var varyingDimensions: [Int] {
    switch layout {
    case .fixed: []
    case .padded(let padding): padding.dimensions
    case .ragged: [0]
    }
  }

  /// The names of the tensors that a batch holds of it, in their order.
  package var tensorNames: [String] {
    switch layout {
    case .fixed: [name]
    case .padded(let padding): [name, "\(name).\(padding.validity == .mask ? "mask" : "lengths")"]
    case .ragged: ["\(name).offsets", "\(name).values"]
    }
  }

  /// Checks the shape of one row.
  ///
  /// - Throws: `wrongType` when the number of dimensions or one that is fixed is another; `limitExceeded` when one is
  ///   larger than the largest.
  package func checkRow(_ row: [Int]) throws(HeadraceError) {
    guard row.count == shape.count else {
      throw HeadraceError(
        .wrongType,
        "A row of tensor \(self) needs \(HumanUnits.count(shape.count, "dimension")), got shape \(row).")
    }
    let varying = varyingDimensions
    for (dimension, (extent, limit)) in zip(row, shape).enumerated() {
      guard varying.contains(dimension) else {
        if extent == limit { continue }
        throw HeadraceError(
          .wrongType, "A row of tensor \(self) needs \(limit) in dimension \(dimension), got shape \(row).")
      }
      guard extent >= 0 else {
        throw HeadraceError(
          .wrongType, "A row of tensor \(self) needs 0 or more in dimension \(dimension), got shape \(row).")
      }
      guard extent <= limit else {
        throw HeadraceError(
          .limitExceeded,
          "A row of tensor \(self) has \(HumanUnits.count(extent)) in dimension \(dimension), at most"
            + " \(HumanUnits.count(limit)) are allowed: cut it, raise the shape of the TensorSpec, or skip the sample"
            + " with onFailure.")
      }
    }
  }

  /// The bytes of one element of padding; nil when the dtype cannot hold the value.
  package var paddingElement: [UInt8]? {
    guard case .padded(let padding) = layout else { return nil }
    let value = padding.value
    func bytes(_ number: (some FixedWidthInteger)?) -> [UInt8]? {
      number.map { number in unsafe withUnsafeBytes(of: number.littleEndian) { unsafe Array($0) } }
    }
    // A finite value that becomes infinite is one that the type cannot hold.
    func fits(_ isFinite: Bool) -> Bool { isFinite || !value.isFinite }
    switch dtype {
    case .uint8: return bytes(UInt8(exactly: value))
    case .int8: return bytes(Int8(exactly: value))
    case .uint16: return bytes(UInt16(exactly: value))
    case .int16: return bytes(Int16(exactly: value))
    case .uint32: return bytes(UInt32(exactly: value))
    case .int32: return bytes(Int32(exactly: value))
    case .uint64: return bytes(UInt64(exactly: value))
    case .int64: return bytes(Int64(exactly: value))
    case .float16: return fits(Float16(value).isFinite) ? bytes(Float16(value).bitPattern) : nil
    case .bfloat16:
      let rounded = BFloat16(Float(value))
      return fits(Float(rounded).isFinite) ? bytes(rounded.bitPattern) : nil
    case .float32: return fits(Float(value).isFinite) ? bytes(Float(value).bitPattern) : nil
    case .float64: return bytes(value.bitPattern)
    case .bool: return value == 0 || value == 1 ? [UInt8(value)] : nil
    }
  }

  /// What is wrong with its layout, as a sentence without its full stop; nil if nothing is.
  ///
  /// - Parameter rows: of a batch.
  package func layoutMistake(rows: Int) -> String? {
    if layout == .fixed {
      return maximumByteCount == nil
        ? nil : "Tensor \(self) has a maximumByteCount, which only padded and ragged ones have; leave it out"
    }
    let dimensions = varyingDimensions
    guard !dimensions.isEmpty, dimensions.allSatisfy(shape.indices.contains),
      zip(dimensions, dimensions.dropFirst()).allSatisfy(<)
    else {
      return "The rows of tensor \(name) \(dtype)\(shape) cannot differ in dimensions \(dimensions); name some of its"
        + " \(shape.count), ascending"
    }
    if case .padded(let padding) = layout {
      if case .multiple(let unit) = padding.extent, !(1...(1 << 20)).contains(unit) {
        return "Tensor \(self) cannot be padded to multiples of \(unit); 1 to \(1 << 20) are possible"
      }
      if paddingElement == nil {
        return "Tensor \(self) cannot be padded with \(padding.value), which \(dtype) cannot hold"
      }
    }
    let row = paddedShape(shape).reduce(dtype.byteCount) { $0.multipliedReportingOverflow(by: $1).partialValue }
    if let limit = maximumByteCount {
      // With `.maximum` all batches have the same size.
      let least = hasPlacedRows ? row * rows : row
      if limit < least {
        return "Tensor \(self) has a maximumByteCount of \(HumanUnits.count(limit)); it must have room for"
          + " \(hasPlacedRows ? "\(HumanUnits.count(rows, "full row"))" : "one full row"), \(HumanUnits.count(least))"
      }
    }
    return nil
  }

  /// The shape that the rows of a batch get when `longest` has the largest extents among them.
  package func paddedShape(_ longest: [Int]) -> [Int] {
    guard case .padded(let padding) = layout else { return longest }
    var shape = longest
    for dimension in padding.dimensions {
      shape[dimension] = padding.extent(longest: longest[dimension], maximum: self.shape[dimension])
    }
    return shape
  }

  /// Whether the place of a row is known before any row of its batch is: then it is written there.
  package var hasPlacedRows: Bool {
    switch layout {
    case .fixed: true
    case .padded(let padding): padding.extent == .maximum && padding.dimensions == [0]
    case .ragged: false
    }
  }
}
