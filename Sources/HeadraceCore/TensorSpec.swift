/// Name, element type and shape of what one sample contributes to one tensor of a batch.
public struct TensorSpec: Hashable, Sendable {
  /// The tensor's name, such as `image`; unique within a batch, 1 to 47 bytes of UTF-8.
  public var name: String
  /// Type of the elements, the same in every batch.
  public var dtype: DType
  /// Extent of each dimension of one sample, outermost first; empty for a scalar. Where rows differ, the largest.
  public var shape: [Int]
  /// Whether rows may differ in shape, and how they lie in a batch then; see `padded` and `ragged`.
  public var layout: RowLayout = .fixed
  /// Where rows differ: bytes that those of one batch may have together, padding included; nil for as many as if all
  /// rows were of the largest shape. A slot has room for so much.
  public var maximumByteCount: Int?

  /// Describes one tensor; a scalar per sample when `shape` is left out.
  public init(_ name: String, _ dtype: DType, shape: [Int] = []) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
  }

  /// Elements that one sample contributes, at most.
  public var elementCount: Int { shape.reduce(1, *) }

  /// Bytes that one sample contributes, at most.
  public var byteCount: Int { elementCount * dtype.byteCount }
}

extension TensorSpec: CustomStringConvertible {
  /// For example `image uint8[224, 224, 3]`; `mel float32[0...3000, 80]` where rows differ in the first dimension.
  public var description: String {
    let varying = varyingDimensions
    if varying.isEmpty { return "\(name) \(dtype)\(shape)" }
    let extents = shape.enumerated().map { varying.contains($0.offset) ? "0...\($0.element)" : "\($0.element)" }
    return "\(name) \(dtype)[\(extents.joined(separator: ", "))]"
  }
}
