import HeadraceCore

/// One sample's memory in a batch: a row of each tensor, to be written in place.
@safe
public struct Row: ~Copyable {
  /// Which sample the row is of, for random choices that are the same in every run.
  public let context: SampleContext
  let layout: BatchLayout
  private let payload: UnsafeMutableRawBufferPointer
  let location: RowLocation
  /// What has been written, or asked for.
  var result = RowResult(touched: 0, gathered: nil)

  init(
    layout: BatchLayout, payload: UnsafeMutableRawBufferPointer, location: RowLocation, context: SampleContext
  ) {
    self.context = context
    self.layout = layout
    unsafe self.payload = payload
    self.location = location
  }

  /// The row's part of a tensor, to be written whole.
  ///
  /// - Throws: `noSuchTensor`, naming those that exist; `wrongType` when rows may differ in shape, so that this one's
  ///   has to be said: `tensor(_:shape:)`.
  @_lifetime(&self)
  public mutating func tensor(_ name: String) throws(HeadraceError) -> MutableTensor {
    try fixedTensor(try locate(name))
  }

  @_lifetime(&self)
  @usableFromInline mutating func fixedTensor(_ place: Int) throws(HeadraceError) -> MutableTensor {
    guard case .fixed(let index) = layout.places[place] else { throw shapeIsMissing(place) }
    let spec = layout.placed[index]
    let start = layout.placedTensors[index].byteOffset + location.row * spec.byteCount
    let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: payload[start..<(start + spec.byteCount)])
    result.touched |= 1 << UInt32(place)
    return unsafe MutableTensor(spec: spec, bytes: bytes, owner: &self)
  }

  /// The row's part of a tensor whose rows may differ in shape, to be written whole.
  ///
  /// Padding is not part of it: that is written for you. Asking again begins the row anew.
  ///
  /// - Parameter shape: this row's, without padding; extents of 0 are possible.
  /// - Throws: `noSuchTensor`, naming those that exist; `wrongType` when the shape has other dimensions than the
  ///   `TensorSpec`; `limitExceeded` when it is larger.
  @_lifetime(&self)
  public mutating func tensor(_ name: String, shape: [Int]) throws(HeadraceError) -> MutableTensor {
    let place = try locate(name)
    var spec = layout.spec.tensors[place]
    forget(place)
    try spec.checkRow(shape)
    let fullByteCount = spec.byteCount
    spec.shape = shape
    let bytes: UnsafeMutableRawBufferPointer
    switch layout.places[place] {
    case .fixed(let index): unsafe bytes = row(index, byteCount: spec.byteCount, of: fullByteCount)
    case .padded(let index):
      let whole = unsafe row(index, byteCount: fullByteCount, of: fullByteCount)
      unsafe bytes = UnsafeMutableRawBufferPointer(rebasing: whole[..<spec.byteCount])
      unsafe UnsafeMutableRawBufferPointer(rebasing: whole[spec.byteCount...])
        .fill(with: layout.paddings[index])
      writeValidity(shape[0], index + 1)
    case .gathered(let index):
      let gathered = result.gathered ?? GatheredRow(location, tensors: layout.gathered.count)
      result.gathered = gathered
      unsafe bytes = gathered.begin(index, shape: shape, byteCount: spec.byteCount)
    }
    result.touched |= 1 << UInt32(place)
    return unsafe MutableTensor(spec: spec, bytes: bytes, owner: &self)
  }

  /// Writes a tensor that has one element per sample.
  ///
  /// - Throws: `noSuchTensor`; `wrongType` when the dtype is another, or the tensor has more than one element.
  @inlinable public mutating func write<Element: TensorElement>(
    _ value: Element, to name: String
  ) throws(HeadraceError) {
    let place = try locate(name)
    do throws(HeadraceError) {
      var tensor = try fixedTensor(place)
      var elements = try tensor.elements(as: Element.self)
      guard elements.count == 1 else { throw Self.notOneElement(name, elements.count) }
      elements[0] = value
    } catch {
      forget(place)
      throw error
    }
  }

  @usableFromInline static func notOneElement(_ name: String, _ count: Int) -> HeadraceError {
    HeadraceError(
      .wrongType, "Tensor \"\(name)\" has \(count) elements per sample, not one; write it through tensor(_:).")
  }

  /// Writes a tensor from its elements in order, the last dimension fastest.
  ///
  /// Where rows may differ in the first dimension, and in no other, this row's length follows from the number of
  /// elements.
  ///
  /// - Throws: `noSuchTensor`; `wrongType` when the dtype or the number of elements is another; `limitExceeded` when
  ///   the row is too long.
  public mutating func write<Element: TensorElement>(
    contentsOf values: [Element], to name: String
  ) throws(HeadraceError) {
    let place = try locate(name)
    guard case .fixed = layout.places[place] else {
      return try write(contentsOf: values, to: name, shape: try shape(ofRow: values.count, place))
    }
    do throws(HeadraceError) {
      var tensor = try fixedTensor(place)
      try Self.fill(&tensor, values)
    } catch {
      forget(place)
      throw error
    }
  }

  /// Writes a tensor whose rows may differ in shape, from the elements of this row in order, the last dimension
  /// fastest.
  ///
  /// - Parameter shape: this row's, without padding.
  /// - Throws: as `tensor(_:shape:)`; `wrongType` when the dtype or the number of elements is another.
  public mutating func write<Element: TensorElement>(
    contentsOf values: [Element], to name: String, shape: [Int]
  ) throws(HeadraceError) {
    do throws(HeadraceError) {
      var tensor = try tensor(name, shape: shape)
      try Self.fill(&tensor, values)
    } catch {
      forget(try locate(name))
      throw error
    }
  }

  private static func fill<Element: TensorElement>(
    _ tensor: inout MutableTensor, _ values: [Element]
  ) throws(HeadraceError) {
    let name = tensor.name
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
    let specs = layout.spec.tensors
    if result.touched == (1 << UInt32(specs.count)) - 1 { return [] }
    return specs.indices.filter { result.touched & (1 << UInt32($0)) == 0 }.map { specs[$0].name }
  }

  /// A tensor counts as not written: whoever goes on after an error has written nothing.
  @usableFromInline mutating func forget(_ place: Int) { result.touched &= ~(1 << UInt32(place)) }

  @usableFromInline func locate(_ name: String) throws(HeadraceError) -> Int { try layout.spec.index(of: name) }

  // MARK: Rows that differ in shape

  /// The first bytes of the row in a placed tensor.
  @unsafe private func row(_ index: Int, byteCount: Int, of stride: Int) -> UnsafeMutableRawBufferPointer {
    let start = layout.placedTensors[index].byteOffset + location.row * stride
    return unsafe UnsafeMutableRawBufferPointer(rebasing: payload[start..<(start + byteCount)])
  }

  /// Writes the row's length to its lengths or its mask.
  private func writeValidity(_ length: Int, _ index: Int) {
    let spec = layout.placed[index]
    let bytes = unsafe row(index, byteCount: spec.byteCount, of: spec.byteCount)
    if spec.dtype == .bool {
      for place in bytes.indices { unsafe bytes[place] = place < length ? 1 : 0 }
    } else {
      unsafe bytes.storeBytes(of: Int32(length).littleEndian, as: Int32.self)
    }
  }

  private func shapeIsMissing(_ place: Int) -> HeadraceError {
    HeadraceError(
      .wrongType,
      "Rows of tensor \(layout.spec.tensors[place]) may differ in shape; say this one's with tensor(_:shape:).")
  }

  /// The shape of a row with so many elements, of a tensor whose rows differ in the first dimension alone.
  private func shape(ofRow count: Int, _ place: Int) throws(HeadraceError) -> [Int] {
    let spec = layout.spec.tensors[place]
    guard spec.varyingDimensions == [0] else {
      throw HeadraceError(
        .wrongType,
        "Rows of tensor \(spec) may differ in more than their length; say this one's shape with"
          + " write(contentsOf:to:shape:)."
      )
    }
    let inner = spec.shape.dropFirst().reduce(1, *)
    guard count.isMultiple(of: inner) else {
      throw HeadraceError(
        .wrongType, "A row of tensor \(spec) needs a multiple of \(inner) elements, got \(count).")
    }
    return [count / inner] + spec.shape.dropFirst()
  }
}
