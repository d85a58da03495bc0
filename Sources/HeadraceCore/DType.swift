/// The type of a tensor's elements, as NumPy and DLPack know it.
public enum DType: UInt16, Hashable, Sendable, CaseIterable {
  // Raw values are part of the ring's published format: never renumber.
  /// 0 to 255: pixels.
  case uint8 = 1
  /// -128 to 127.
  case int8 = 2
  /// 0 to 65,535.
  case uint16 = 3
  /// -32,768 to 32,767.
  case int16 = 4
  /// 0 to 2^32 - 1.
  case uint32 = 5
  /// -2^31 to 2^31 - 1.
  case int32 = 6
  /// 0 to 2^64 - 1.
  case uint64 = 7
  /// -2^63 to 2^63 - 1: what PyTorch takes as class labels.
  case int64 = 8
  /// IEEE 754 binary16: Swift's `Float16`.
  case float16 = 9
  /// The upper half of a binary32: `BFloat16`, which holds the raw bits and converts from and to `Float`.
  case bfloat16 = 10
  /// IEEE 754 binary32: Swift's `Float`.
  case float32 = 11
  /// IEEE 754 binary64: Swift's `Double`.
  case float64 = 12
  /// One byte, 0 or 1: Swift's `Bool`.
  case bool = 13

  /// Size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }
}

extension DType: CustomStringConvertible {
  /// NumPy's name, such as `uint8`.
  public var description: String {
    switch self {
    case .uint8: "uint8"
    case .int8: "int8"
    case .uint16: "uint16"
    case .int16: "int16"
    case .uint32: "uint32"
    case .int32: "int32"
    case .uint64: "uint64"
    case .int64: "int64"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .float32: "float32"
    case .float64: "float64"
    case .bool: "bool"
    }
  }
}
