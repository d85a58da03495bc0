/// A Swift type that can be the element of a tensor: one with the same bits in memory as in the ring.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The element type that this Swift type reads and writes.
  static var dtype: DType { get }
}

extension UInt8: TensorElement {
  /// Tensors of `uint8`, element by element.
  public static var dtype: DType { .uint8 }
}

extension Int8: TensorElement {
  /// Tensors of `int8`, element by element.
  public static var dtype: DType { .int8 }
}

extension UInt16: TensorElement {
  /// Tensors of `uint16`, element by element.
  public static var dtype: DType { .uint16 }
}

extension Int16: TensorElement {
  /// Tensors of `int16`, element by element.
  public static var dtype: DType { .int16 }
}

extension UInt32: TensorElement {
  /// Tensors of `uint32`, element by element.
  public static var dtype: DType { .uint32 }
}

extension Int32: TensorElement {
  /// Tensors of `int32`, element by element.
  public static var dtype: DType { .int32 }
}

extension UInt64: TensorElement {
  /// Tensors of `uint64`, element by element.
  public static var dtype: DType { .uint64 }
}

extension Int64: TensorElement {
  /// Tensors of `int64`, element by element.
  public static var dtype: DType { .int64 }
}

extension Float16: TensorElement {
  /// Tensors of `float16`, element by element.
  public static var dtype: DType { .float16 }
}

extension BFloat16: TensorElement {
  /// Tensors of `bfloat16`, element by element.
  public static var dtype: DType { .bfloat16 }
}

extension Float: TensorElement {
  /// Tensors of `float32`, element by element.
  public static var dtype: DType { .float32 }
}

extension Double: TensorElement {
  /// Tensors of `float64`, element by element.
  public static var dtype: DType { .float64 }
}

extension Bool: TensorElement {
  /// Tensors of `bool`, one byte for each element: 0 or 1.
  ///
  /// A byte that nobody wrote may be neither, and what Swift makes of it is not defined: write every element, or read
  /// such a tensor through `Batch.bytes(_:)`.
  public static var dtype: DType { .bool }
}
