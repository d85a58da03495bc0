import HeadraceCore
import HeadraceShards

/// Reads a whole number in decimal digits, the class of a sample, into the shares of all classes: 1 of that class and 0
/// of the others. Such labels can be mixed with their images.
public struct OneHotDecoder: FieldDecoder {
  /// Numbers of classes are from 0 up to and without it.
  public let classes: Int

  /// - Parameter classes: how many there are.
  public init(classes: Int) { self.classes = classes }

  /// Writes the shares.
  ///
  /// - Throws: `wrongType` if the bytes are no number, or that of no class.
  /// - Complexity: O(classes).
  public func decode(_ bytes: Span<UInt8>, into tensor: consuming MutableTensor, random: inout SampleRandom) throws {
    let number = try DecimalInteger.ofField(bytes)
    guard (0..<classes).contains(number) else {
      throw HeadraceError(
        .wrongType,
        "The field is class \(number), and there are \(classes), from 0; correct the data, or raise classes.")
    }
    var tensor = tensor
    var shares = try tensor.elements(as: Float.self)
    for index in 0..<classes { shares[index] = index == number ? 1 : 0 }
  }

  /// The tensor must have a float32 for each class.
  public func validate(_ tensor: TensorSpec) throws(HeadraceError) {
    guard classes > 0 else {
      throw HeadraceError(.invalidPipeline, "\(classes) classes are not possible for tensor \(tensor); give 1 or more.")
    }
    guard tensor.dtype == .float32, tensor.shape == [classes] else {
      throw HeadraceError(
        .invalidPipeline,
        "Tensor \(tensor) cannot hold the shares of \(classes) classes; declare it .float32 of shape [\(classes)].")
    }
  }
}
