import HeadraceCore

/// Lays out the gathered rows of a complete batch: each is copied once, to its place, and padding is written around it.
///
/// No state and no thread: it is given rows and memory.
@safe struct GatheredBatch {
  private let layout: BatchLayout
  /// For each row of the batch that holds a sample.
  private let rows: [GatheredRow]
  /// Rows of the batch, with those that hold none.
  private let rowCount: Int

  init(_ layout: BatchLayout, rows: [GatheredRow], rowCount: Int) {
    self.layout = layout
    self.rows = rows
    self.rowCount = rowCount
  }

  /// Writes values, padding, and lengths, masks or offsets.
  ///
  /// - Returns: the two tensors of each gathered one, and the bytes of samples that were copied.
  /// - Throws: `batchTooLarge` when the values are more than the batch has room for.
  /// - Complexity: O(bytes).
  func write(
    to payload: UnsafeMutableRawBufferPointer
  ) throws(HeadraceError) -> (tensors: [[BatchTensor]], copiedByteCount: Int) {
    var offset = layout.gatheredOffset
    var placed: [[BatchTensor]] = []
    var copied = 0
    for (index, tensor) in layout.gathered.enumerated() {
      let parts = rows.map { part($0, index, of: tensor.spec) }
      let shape = batchShape(parts, tensor.spec)
      let tensors = tensor.place(shape: shape, rows: rowCount, offset: &offset)
      let values = tensors[tensor.spec.layout == .ragged ? 1 : 0]
      guard values.byteCount <= tensor.maximumByteCount else { throw tooLarge(values, tensor) }
      func memory(_ tensor: BatchTensor) -> UnsafeMutableRawBufferPointer {
        let end = tensor.byteOffset + tensor.byteCount
        return unsafe UnsafeMutableRawBufferPointer(rebasing: payload[tensor.byteOffset..<end])
      }
      if tensor.spec.layout == .ragged {
        unsafe writeRagged(parts, values: memory(values), offsets: memory(tensors[0]))
      } else {
        unsafe writePadded(parts, tensor.spec, shape, values: memory(values), validity: memory(tensors[1]))
      }
      copied += parts.reduce(0) { $0 + $1.byteCount }
      placed.append(tensors)
    }
    return (placed, copied)
  }

  private func part(_ row: GatheredRow, _ index: Int, of spec: TensorSpec) -> GatheredRow.Part {
    guard let part = row.parts[index] else {
      preconditionFailure("a row without tensor \(spec), which the batch checks")
    }
    return part
  }

  /// The shape of each row of a padded tensor, and of all values of a ragged one.
  private func batchShape(_ parts: [GatheredRow.Part], _ spec: TensorSpec) -> [Int] {
    var shape = spec.shape
    if spec.layout == .ragged {
      shape[0] = parts.reduce(0) { $0 + $1.shape[0] }
      return shape
    }
    for dimension in spec.varyingDimensions {
      shape[dimension] = parts.reduce(0) { max($0, $1.shape[dimension]) }
    }
    return spec.paddedShape(shape)
  }

  @unsafe private func writeRagged(
    _ parts: [GatheredRow.Part], values: UnsafeMutableRawBufferPointer, offsets: UnsafeMutableRawBufferPointer
  ) {
    var start = 0
    var count = 0
    for row in 0...rowCount {
      unsafe offsets.storeBytes(of: Int64(count).littleEndian, toByteOffset: row * 8, as: Int64.self)
      guard row < parts.count else { continue }
      let part = parts[row]
      unsafe UnsafeMutableRawBufferPointer(rebasing: values[start...]).copyMemory(
        from: UnsafeRawBufferPointer(part.bytes))
      start += part.byteCount
      count += part.shape[0]
    }
  }

  @unsafe private func writePadded(
    _ parts: [GatheredRow.Part], _ spec: TensorSpec, _ shape: [Int], values: UnsafeMutableRawBufferPointer,
    validity: UnsafeMutableRawBufferPointer
  ) {
    let padding = spec.paddingElement ?? [0]
    let stride = shape.reduce(spec.dtype.byteCount, *)
    let dimensions = spec.varyingDimensions
    let maskShape = dimensions.map { shape[$0] }
    let maskStride = maskShape.reduce(1, *)
    let placement = PaddedCopy(shape: shape, elementByteCount: spec.dtype.byteCount, padding: padding)
    let maskPlacement = PaddedCopy(shape: maskShape, elementByteCount: 1, padding: [0])
    for (row, part) in parts.enumerated() {
      unsafe placement.copy(
        UnsafeRawBufferPointer(part.bytes), shape: part.shape,
        to: UnsafeMutableRawBufferPointer(rebasing: values[(row * stride)..<((row + 1) * stride)]))
      let lengths = dimensions.map { part.shape[$0] }
      if spec.hasMask {
        unsafe maskPlacement.copy(
          nil, shape: lengths,
          to: UnsafeMutableRawBufferPointer(rebasing: validity[(row * maskStride)..<((row + 1) * maskStride)]))
      } else {
        for (place, length) in lengths.enumerated() {
          unsafe validity.storeBytes(
            of: Int32(length).littleEndian, toByteOffset: (row * lengths.count + place) * 4, as: Int32.self)
        }
      }
    }
    // Rows without a sample: nothing but padding.
    unsafe UnsafeMutableRawBufferPointer(rebasing: values[(parts.count * stride)...]).fill(with: padding)
    let told = spec.hasMask ? parts.count * maskStride : parts.count * dimensions.count * 4
    unsafe UnsafeMutableRawBufferPointer(rebasing: validity[told...]).fill(with: [0])
  }

  private func tooLarge(_ values: BatchTensor, _ tensor: BatchLayout.Gathered) -> HeadraceError {
    let how = tensor.spec.layout == .ragged ? "of tensor" : "padded to \(Array(values.shape.dropFirst())) of tensor"
    return HeadraceError(
      .batchTooLarge,
      "\(HumanUnits.count(rowCount, "row")) \(how) \(tensor.spec) need \(HumanUnits.count(values.byteCount, "byte")),"
        + " and its maximumByteCount is \(HumanUnits.count(tensor.maximumByteCount)); raise it, lower BatchSpec.size,"
        + " or make batches of samples of about the same length.")
  }
}
