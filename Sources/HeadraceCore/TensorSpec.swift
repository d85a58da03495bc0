/// Name, element type and shape of what one sample contributes to one tensor of a batch.
public struct TensorSpec: Hashable, Sendable {
  /// The tensor's name, such as `image`; unique within a batch, 1 to 47 bytes of UTF-8.
  public var name: String
  /// Type of the elements, the same in every batch.
  public var dtype: DType
  /// Extent of each dimension of one sample, outermost first; empty for a scalar.
  public var shape: [Int]

  /// Describes one tensor; a scalar per sample when `shape` is left out.
  public init(_ name: String, _ dtype: DType, shape: [Int] = []) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
  }

  /// Elements that one sample contributes.
  public var elementCount: Int { shape.reduce(1, *) }

  /// Bytes that one sample contributes.
  public var byteCount: Int { elementCount * dtype.byteCount }
}

extension TensorSpec: CustomStringConvertible {
  /// For example `image uint8[224, 224, 3]`.
  public var description: String { "\(name) \(dtype)\(shape)" }
}
