/// Turns the bytes of one field of a record into one tensor of a sample: how a column of a batch is decoded.
///
/// ```swift
/// struct NumberDecoder: FieldDecoder {
///   func decode(
///     _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, random: inout SampleRandom
///   ) throws {
///     var tensor = tensor
///     var elements = try tensor.elements(as: UInt8.self)
///     for i in elements.indices { elements[i] = bytes[i] }
///   }
/// }
/// ```
public protocol FieldDecoder: Sendable {
  /// Writes every element of `tensor`, which is memory of the batch: what was in it is of an earlier one.
  ///
  /// Called on any thread, for several samples at once. Whatever it throws is the failure of the sample, which the
  /// stage's policy decides about.
  ///
  /// - Parameter random: numbers that depend on seed, epoch, sample and stage alone.
  func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, random: inout SampleRandom) throws

  /// Looks for mistakes before anything runs: whether it can fill such a tensor, and whether its own parameters are
  /// possible.
  ///
  /// - Throws: `invalidPipeline`, saying what is wrong and what to do. By default nothing is.
  func validate(_ tensor: TensorSpec) throws(HeadraceError)
}

extension FieldDecoder {
  /// Finds no mistake.
  public func validate(_ tensor: TensorSpec) throws(HeadraceError) {}
}
