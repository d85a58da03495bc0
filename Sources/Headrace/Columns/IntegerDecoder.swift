import HeadraceCore
import HeadraceShards

/// Reads a whole number in decimal digits, such as `12`, `-3` or `7\n`, into one int64.
public struct IntegerDecoder: FieldDecoder {
  /// There is nothing to choose.
  public init() {}

  /// Writes the number.
  ///
  /// - Throws: `wrongType` if the bytes are anything else, or beyond 64 bits.
  public func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, random: inout SampleRandom
  ) throws {
    var tensor = tensor
    var elements = try tensor.elements(as: Int64.self)
    elements[0] = Int64(try DecimalInteger.ofField(bytes))
  }

  /// The tensor must be of one int64.
  public func validate(_ tensor: TensorSpec) throws(HeadraceError) {
    guard tensor.dtype == .int64, tensor.elementCount == 1 else {
      throw HeadraceError(
        .invalidPipeline, "Tensor \(tensor) cannot hold a whole number as IntegerDecoder reads it; declare it .int64.")
    }
  }
}
