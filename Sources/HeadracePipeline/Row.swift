import HeadraceCore

/// One sample's memory in a batch: a row of each tensor, to be written in place.
@safe
public struct Row: ~Copyable {
  private let specs: [TensorSpec]
  private let tensors: [BatchTensor]
  private let payload: UnsafeMutableRawBufferPointer
  private let index: Int
  /// One bit per tensor that was asked for or written.
  private var touched: UInt32 = 0

  init(specs: [TensorSpec], tensors: [BatchTensor], payload: UnsafeMutableRawBufferPointer, index: Int) {
    self.specs = specs
    self.tensors = tensors
    unsafe self.payload = payload
    self.index = index
  }

  /// The row's part of a tensor, to be written whole.
  ///
  /// - Throws: `noSuchTensor`, naming those that exist.
  @_lifetime(&self)
  public mutating func tensor(_ name: String) throws(HeadraceError) -> MutableTensor {
    let place = try locate(name)
    let spec = specs[place]
    let start = tensors[place].byteOffset + index * spec.byteCount
    let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: payload[start..<(start + spec.byteCount)])
    return unsafe MutableTensor(spec: spec, bytes: bytes, owner: &self)
  }

  /// Writes a tensor that has one element per sample.
  ///
  /// - Throws: `noSuchTensor`; `wrongType` when the dtype is another, or the tensor has more than one element.
  public mutating func write<Element: TensorElement>(_ value: Element, to name: String) throws(HeadraceError) {
    var tensor = try tensor(name)
    var elements = try tensor.elements(as: Element.self)
    guard elements.count == 1 else {
      throw HeadraceError(
        .wrongType,
        "Tensor \"\(name)\" has \(elements.count) elements per sample, not one; write it through tensor(_:).")
    }
    elements[0] = value
  }

  /// Writes a tensor from its elements in order, the last dimension fastest.
  ///
  /// - Throws: `noSuchTensor`; `wrongType` when the dtype or the number of elements is another.
  public mutating func write<Element: TensorElement>(
    contentsOf values: [Element], to name: String
  ) throws(HeadraceError) {
    var tensor = try tensor(name)
    let shape = tensor.shape
    var elements = try tensor.elements(as: Element.self)
    guard elements.count == values.count else {
      throw HeadraceError(
        .wrongType, "Tensor \"\(name)\" of shape \(shape) needs \(elements.count) elements, got \(values.count).")
    }
    // As bytes: a loop over elements of a type that is only known at run time takes 20 ns for each.
    unsafe elements.withUnsafeMutableBytes { row in
      unsafe values.withUnsafeBytes { unsafe row.copyMemory(from: $0) }
    }
  }

  /// The tensors that nothing was written to: their memory holds what an earlier batch left there.
  var untouchedNames: [String] {
    if touched == (1 << UInt32(specs.count)) - 1 { return [] }
    return specs.indices.filter { touched & (1 << UInt32($0)) == 0 }.map { specs[$0].name }
  }

  private mutating func locate(_ name: String) throws(HeadraceError) -> Int {
    guard let place = specs.firstIndex(where: { $0.name == name }) else {
      throw HeadraceError(
        .noSuchTensor,
        "The batch has no tensor \"\(name)\"; its BatchSpec has \(specs.map { "\"\($0.name)\"" }.joined(separator: ", "))."
      )
    }
    touched |= 1 << UInt32(place)
    return place
  }
}
