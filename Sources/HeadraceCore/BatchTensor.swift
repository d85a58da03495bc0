/// One tensor of a batch: name, element type, shape with the batch dimension first, and place in the payload.
///
/// Of a ragged tensor a batch holds two, the offsets and the values, whose first dimension is another: see `role`.
public struct BatchTensor: Hashable, Sendable {
  /// The name that its `TensorSpec` gives it, unique in the batch.
  public var name: String
  /// Type of the elements, which lie one after the other, little-endian, the last dimension fastest.
  public var dtype: DType
  /// Extent of each dimension; the first is the number of rows, unless `role` says otherwise.
  public var shape: [Int]
  /// Offset in the payload, a multiple of 256.
  public var byteOffset: Int
  /// Bytes of all rows: the product of the shape, times the size of an element. Without the padding that follows.
  public var byteCount: Int
  /// What the first dimension counts.
  public var role: TensorRole

  /// Each tensor starts at a multiple of this: what DLPack asks for and XLA needs to avoid a copy.
  public static let alignment = 256

  /// Places a tensor; `byteCount` follows from the rest. Nothing is checked here: `layOut` gives places that fit.
  ///
  /// - Parameter shape: rows included, outermost first.
  public init(name: String, dtype: DType, shape: [Int], byteOffset: Int, role: TensorRole = .rows) {
    self.name = name
    self.role = role
    self.dtype = dtype
    self.shape = shape
    self.byteOffset = byteOffset
    byteCount = shape.reduce(dtype.byteCount, *)
  }

  /// Rows of the batch, as far as this tensor tells: nil of the values of a ragged one.
  public var rowCount: Int? {
    switch role {
    case .rows: shape.first
    case .offsets: shape.first.map { $0 - 1 }
    case .values: nil
    }
  }

  /// Lays out the tensors of a batch of `rows` rows one behind the other, each aligned to 256 bytes, and as if
  /// all rows were of the largest shape.
  public static func layOut(_ spec: BatchSpec, rows: Int) -> [BatchTensor] {
    var offset = 0
    return spec.tensors.map { tensor in
      let placed = BatchTensor(
        name: tensor.name, dtype: tensor.dtype, shape: [rows] + tensor.shape, byteOffset: offset)
      offset = aligned(offset + placed.byteCount)
      return placed
    }
  }

  /// The first offset from `byteOffset` on at which a tensor may lie.
  package static func aligned(_ byteOffset: Int) -> Int { (byteOffset + alignment - 1) / alignment * alignment }

  /// Bytes from the start of the payload to the end of the last tensor.
  public static func payloadByteCount(_ tensors: [BatchTensor]) -> Int {
    tensors.map { $0.byteOffset + $0.byteCount }.max() ?? 0
  }
}
