/// Memory to write one tensor into: shape, element type and the bytes themselves.
///
/// A stage gets it from `Row.tensor(_:)`; the memory is then a row of a slot in the ring, and the trainer reads what is
/// written here. It cannot outlive the row.
///
/// Contents are not cleared: a slot is reused, so every element must be written.
@safe
public struct MutableTensor: ~Copyable, ~Escapable {
  /// The name that its `TensorSpec` gives it.
  public let name: String
  /// Type of the elements, which `elements(as:)` compares with the Swift type that is asked for.
  public let dtype: DType
  /// Extent of each dimension, outermost first; elements are contiguous, the last dimension fastest.
  public let shape: [Int]
  // A stored MutableRawSpan would say more, but Swift 6.3 cannot compile a view of it ("copy of noncopyable value").
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let byteCount: Int

  /// A view of `bytes`, which must hold exactly the tensor and live as long as `owner`.
  @_lifetime(&owner)
  @unsafe public init<Owner: ~Copyable & ~Escapable>(
    spec: TensorSpec, bytes: UnsafeMutableRawBufferPointer, owner: inout Owner
  ) {
    precondition(
      bytes.count == spec.byteCount, "tensor \(spec) needs \(spec.byteCount) bytes, got \(bytes.count)")
    name = spec.name
    dtype = spec.dtype
    shape = spec.shape
    unsafe base = bytes.baseAddress!
    byteCount = bytes.count
  }

  /// The elements, for writing.
  ///
  /// - Throws: `wrongType` when the tensor's dtype is not `Element`'s.
  @_lifetime(&self)
  @inlinable public mutating func elements<Element: TensorElement>(
    as _: Element.Type
  ) throws(HeadraceError) -> MutableSpan<Element> {
    guard dtype == Element.dtype else { throw wrongType(Element.dtype) }
    let span = unsafe MutableSpan<Element>(
      _unsafeStart: base.assumingMemoryBound(to: Element.self), count: byteCount / MemoryLayout<Element>.stride)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  /// The bytes of the elements, for writing: for elements of a type that is known only when the program runs.
  @_lifetime(&self)
  public mutating func rawElements() -> MutableRawSpan {
    let span = unsafe MutableRawSpan(_unsafeStart: base, byteCount: byteCount)
    return unsafe _overrideLifetime(span, mutating: &self)
  }

  @usableFromInline func wrongType(_ other: DType) -> HeadraceError {
    HeadraceError(
      .wrongType, "Tensor \"\(name)\" holds \(dtype), not \(other); write \(dtype) or change its TensorSpec.")
  }
}
