/// One tensor of a batch: name, element type, shape with the batch dimension first, and place in the payload.
public struct BatchTensor: Hashable, Sendable {
  public var name: String
  public var dtype: DType
  /// Extent of each dimension; the first is the number of rows.
  public var shape: [Int]
  /// Offset in the payload, a multiple of 256.
  public var byteOffset: Int
  public var byteCount: Int

  /// Each tensor starts at a multiple of this: what DLPack asks for and XLA needs to avoid a copy.
  public static let alignment = 256

  public init(name: String, dtype: DType, shape: [Int], byteOffset: Int) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.byteOffset = byteOffset
    byteCount = shape.reduce(dtype.byteCount, *)
  }

  /// Lays out the tensors of a batch of `rows` rows one behind the other, each aligned to 256 bytes.
  public static func layOut(_ spec: BatchSpec, rows: Int) -> [BatchTensor] {
    var offset = 0
    return spec.tensors.map { tensor in
      let placed = BatchTensor(
        name: tensor.name, dtype: tensor.dtype, shape: [rows] + tensor.shape, byteOffset: offset)
      offset = (offset + placed.byteCount + alignment - 1) / alignment * alignment
      return placed
    }
  }

  /// Bytes from the start of the payload to the end of the last tensor.
  public static func payloadByteCount(_ tensors: [BatchTensor]) -> Int {
    tensors.map { $0.byteOffset + $0.byteCount }.max() ?? 0
  }
}
