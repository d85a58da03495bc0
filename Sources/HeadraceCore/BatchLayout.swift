/// Where the tensors of a batch lie in its payload, and how much room they may need.
///
///     placed      tensors whose rows have their places before they are written, with room for a full batch;
///                 of those that are padded to their maximum also lengths or mask
///     listings    offsets, and lengths, of the gathered tensors
///     gathered    tensors whose rows are laid out when the batch is complete: values, and masks
///
/// A class for its identity: rows refer to it, one for each sample.
package final class BatchLayout: Sendable {
  /// How a row of a tensor is written.
  package enum Place: Sendable, Hashable {
    /// To its place. The number is that of the tensor in `placed`.
    case fixed(Int)
    /// Likewise, with padding behind it; the next tensor in `placed` is the lengths or the mask.
    case padded(Int)
    /// To memory of its own. The number is that of the tensor in `gathered`.
    case gathered(Int)
  }

  /// A tensor whose rows are laid out when the batch is complete.
  package struct Gathered: Sendable, Hashable {
    /// The tensor, padded or ragged.
    package let spec: TensorSpec
    /// Where its offsets or lengths lie; of a tensor with a mask there are none.
    package let listingOffset: Int
    /// Bytes that its values may have in one batch.
    package let maximumByteCount: Int
  }

  /// What the batch holds, as the pipeline says it.
  package let spec: BatchSpec
  /// The tensors whose rows have a place, in the order in which they lie.
  package let placed: [TensorSpec]
  /// The same in a full batch.
  package let placedTensors: [BatchTensor]
  /// The bytes of an element of padding for each of them: 0 where none is said.
  package let paddings: [[UInt8]]
  /// For each tensor of `spec`.
  package let places: [Place]
  /// The tensors that are laid out when a batch is complete; mostly none.
  package let gathered: [Gathered]
  /// Where the first of their values may lie.
  package let gatheredOffset: Int
  /// Bytes that a slot needs, whatever the rows are.
  package let byteCount: Int

  /// - Parameter spec: one that was validated.
  package init(_ spec: BatchSpec) {
    var placed: [TensorSpec] = []
    var places: [Place] = []
    for tensor in spec.tensors {
      switch tensor.layout {
      case .fixed:
        places.append(.fixed(placed.count))
        placed.append(tensor)
      case .padded(let padding) where tensor.hasPlacedRows:
        places.append(.padded(placed.count))
        placed.append(tensor)
        placed.append(
          padding.validity == .mask
            ? TensorSpec("\(tensor.name).mask", .bool, shape: [tensor.shape[0]])
            : TensorSpec("\(tensor.name).lengths", .int32))
      case .padded, .ragged:
        places.append(.gathered(places.count { if case .gathered = $0 { true } else { false } }))
      }
    }
    let placedTensors = BatchTensor.layOut(BatchSpec(size: spec.size, tensors: placed), rows: spec.size)
    var offset = BatchTensor.payloadByteCount(placedTensors)
    var gathered: [Gathered] = []
    for (tensor, place) in zip(spec.tensors, places) {
      guard case .gathered = place else { continue }
      offset = BatchTensor.aligned(offset)
      let full = spec.size * tensor.paddedShape(tensor.shape).reduce(tensor.dtype.byteCount, *)
      gathered.append(
        Gathered(spec: tensor, listingOffset: offset, maximumByteCount: min(full, tensor.maximumByteCount ?? full)))
      offset += tensor.listingByteCount(rows: spec.size)
    }
    self.spec = spec
    self.placed = placed
    self.placedTensors = placedTensors
    paddings = placed.map { $0.paddingElement ?? [0] }
    self.places = places
    self.gathered = gathered
    gatheredOffset = gathered.isEmpty ? offset : BatchTensor.aligned(offset)
    for tensor in gathered {
      offset = BatchTensor.aligned(offset) + tensor.maximumByteCount
      if tensor.spec.hasMask { offset = BatchTensor.aligned(offset) + tensor.maximumMaskByteCount }
    }
    byteCount = offset
  }

  /// The tensors of a batch whose rows are all of the largest shape, `maximumByteCount` aside.
  package var largestTensors: [BatchTensor] {
    let rows = spec.size
    var offset = gatheredOffset
    return list(rows: rows) { index in
      let tensor = gathered[index]
      let shape = tensor.spec.paddedShape(tensor.spec.shape)
      return tensor.place(
        shape: tensor.spec.layout == .ragged ? [rows * shape[0]] + shape.dropFirst() : shape, rows: rows,
        offset: &offset)
    }
  }

  /// All tensors of a batch in the order of the `BatchSpec`.
  ///
  /// - Parameters:
  ///   - rows: of the batch. Offsets stay those of a full one, so a partial batch needs no move.
  ///   - gathered: the two tensors of the gathered one with that number, called once for each in their order.
  package func list(rows: Int, gathered: (Int) -> [BatchTensor]) -> [BatchTensor] {
    func shaped(_ index: Int) -> BatchTensor {
      let tensor = placedTensors[index]
      return BatchTensor(
        name: tensor.name, dtype: tensor.dtype, shape: [rows] + tensor.shape.dropFirst(), byteOffset: tensor.byteOffset)
    }
    var tensors: [BatchTensor] = []
    tensors.reserveCapacity(places.count)
    for place in places {
      switch place {
      case .fixed(let index): tensors.append(shaped(index))
      case .padded(let index): tensors += [shaped(index), shaped(index + 1)]
      case .gathered(let index): tensors += gathered(index)
      }
    }
    return tensors
  }
}

extension BatchLayout.Gathered {
  /// Bytes of its mask, at most.
  var maximumMaskByteCount: Int {
    let varying = spec.varyingDimensions
    let inner = spec.shape.enumerated().reduce(spec.dtype.byteCount) {
      varying.contains($1.offset) ? $0 : $0 * $1.element
    }
    return maximumByteCount / inner
  }

  /// Its two tensors in a batch, the values at `offset`, which is moved behind them.
  ///
  /// - Parameter shape: of all values of a ragged tensor; of each row of a padded one.
  package func place(shape: [Int], rows: Int, offset: inout Int) -> [BatchTensor] {
    func take(_ name: String, _ dtype: DType, _ shape: [Int], _ role: TensorRole = .rows) -> BatchTensor {
      let tensor = BatchTensor(
        name: name, dtype: dtype, shape: shape, byteOffset: BatchTensor.aligned(offset), role: role)
      offset = tensor.byteOffset + tensor.byteCount
      return tensor
    }
    let names = spec.tensorNames
    guard case .padded(let padding) = spec.layout else {
      return [
        BatchTensor(name: names[0], dtype: .int64, shape: [rows + 1], byteOffset: listingOffset, role: .offsets),
        take(names[1], spec.dtype, shape, .values),
      ]
    }
    let values = take(names[0], spec.dtype, [rows] + shape)
    if spec.hasMask { return [values, take(names[1], .bool, [rows] + padding.dimensions.map { shape[$0] })] }
    let lengths = padding.dimensions.count == 1 ? [rows] : [rows, padding.dimensions.count]
    return [values, BatchTensor(name: names[1], dtype: .int32, shape: lengths, byteOffset: listingOffset)]
  }
}

extension TensorSpec {
  /// Whether a batch holds a mask beside it.
  package var hasMask: Bool {
    if case .padded(let padding) = layout { return padding.validity == .mask }
    return false
  }

  /// Bytes of the offsets or lengths of a batch; 0 where there is a mask.
  func listingByteCount(rows: Int) -> Int {
    switch layout {
    case .fixed: 0
    case .padded(let padding): padding.validity == .mask ? 0 : rows * padding.dimensions.count * DType.int32.byteCount
    case .ragged: (rows + 1) * DType.int64.byteCount
    }
  }
}
