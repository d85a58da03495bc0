/// A Swift type that can be the element of a tensor.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The element type that this Swift type reads and writes.
  static var dtype: DType { get }
}

extension UInt8: TensorElement { public static var dtype: DType { .uint8 } }
extension Int8: TensorElement { public static var dtype: DType { .int8 } }
extension UInt16: TensorElement { public static var dtype: DType { .uint16 } }
extension Int16: TensorElement { public static var dtype: DType { .int16 } }
extension UInt32: TensorElement { public static var dtype: DType { .uint32 } }
extension Int32: TensorElement { public static var dtype: DType { .int32 } }
extension UInt64: TensorElement { public static var dtype: DType { .uint64 } }
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
extension Float: TensorElement { public static var dtype: DType { .float32 } }
extension Double: TensorElement { public static var dtype: DType { .float64 } }
