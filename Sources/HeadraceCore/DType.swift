/// The type of a tensor's elements, as NumPy and DLPack know it.
public enum DType: UInt16, Hashable, Sendable, CaseIterable {
  // Raw values are part of the ring's published format: never renumber.
  case uint8 = 1
  case int8 = 2
  case uint16 = 3
  case int16 = 4
  case uint32 = 5
  case int32 = 6
  case uint64 = 7
  case int64 = 8
  case float16 = 9
  case bfloat16 = 10
  case float32 = 11
  case float64 = 12
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
