import HeadraceCore

/// A batch whose rows are all written, in the memory that the trainer will read.
@safe
package struct FilledBatch: ~Copyable {
  /// Of the sample in the first row, for random choices.
  package let context: SampleContext
  /// Rows that hold a sample; those after them are padding.
  package let rowCount: Int
  private let layout: BatchLayout
  private let payload: UnsafeMutableRawBufferPointer

  init(_ layout: BatchLayout, payload: UnsafeMutableRawBufferPointer, rowCount: Int, context: SampleContext) {
    self.layout = layout
    unsafe self.payload = payload
    self.rowCount = rowCount
    self.context = context
  }

  /// What a row of a tensor is.
  ///
  /// - Throws: `noSuchTensor`.
  package func spec(_ name: String) throws(HeadraceError) -> TensorSpec {
    layout.spec.tensors[try layout.spec.index(of: name)]
  }

  /// The rows of a tensor that hold a sample, one after the other: `rowCount` times the bytes of its spec.
  ///
  /// - Throws: `noSuchTensor`; `wrongType` where rows may differ in shape.
  @_lifetime(&self)
  package mutating func rows(_ name: String) throws(HeadraceError) -> MutableRawSpan {
    let place = try layout.spec.index(of: name)
    let spec = layout.spec.tensors[place]
    guard case .fixed(let index) = layout.places[place] else { throw Self.notFixed(spec) }
    let start = layout.placedTensors[index].byteOffset
    let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: payload[start..<(start + rowCount * spec.byteCount)])
    return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: bytes), mutating: &self)
  }

  private static func notFixed(_ spec: TensorSpec) -> HeadraceError {
    HeadraceError(
      .wrongType, "Rows of tensor \(spec) may differ in shape, so they cannot be changed together; make them alike.")
  }
}
