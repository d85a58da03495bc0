import HeadraceCore

/// A batch: a lease on one slot, which goes back to the ring when this value leaves its scope.
///
/// ```swift
/// while let batch = try batches.next() {
///   let images = try batch.tensor("image", as: UInt8.self)  // Span<UInt8> of batch.shape(of: "image"), no copy
/// }
/// ```
///
/// Spans cannot outlive the batch: the compiler refuses. Batches may be held as long as one likes and dropped in any
/// order, in any thread; each holds one slot of the ring meanwhile.
///
/// A batch belongs to the process that took it. Children that are forked later, such as the worker of a second loader
/// whose pipeline captures the batch, do not get the ring's memory: there its tensors throw `forkUnsafe`.
@safe
public struct Batch: ~Copyable, Sendable {
  /// The pass over the data that it belongs to, from 0.
  public let epoch: Int
  /// Number of the batch since the stream's start, from 0; never used twice.
  public let sequence: Int
  /// Samples in it. Rows from here to `rowCount` are padding.
  public let count: Int
  /// Rows of each tensor: the extent of the first dimension, unless its `role` says otherwise.
  public let rowCount: Int
  /// The tensors, in the order of the `BatchSpec`; two of each whose rows differ in shape.
  public let tensors: [BatchTensor]

  /// The slot, or a lease on nothing beside a copy.
  private let lease: SlotLease
  private let copy: BatchCopy?

  init(lease: consuming SlotLease, epoch: Int, sequence: Int, count: Int, rowCount: Int, tensors: [BatchTensor]) {
    self.epoch = epoch
    self.sequence = sequence
    self.count = count
    self.rowCount = rowCount
    self.tensors = tensors
    self.lease = lease
    copy = nil
  }

  /// The batch that `copy` was taken from, held in private memory.
  public init(_ copy: BatchCopy) {
    epoch = copy.epoch
    sequence = copy.sequence
    count = copy.count
    rowCount = copy.rowCount
    tensors = copy.tensors
    lease = SlotLease()
    self.copy = copy
  }

  /// The elements of a tensor, row after row: `shape(of:)` says how they are arranged.
  ///
  /// - Throws: `noSuchTensor`, naming those that exist; `wrongType` when its dtype is not `Element`'s; `forkUnsafe` in
  ///   a process that was forked since.
  /// - Complexity: O(1): a view of the slot.
  @_lifetime(borrow self)
  public func tensor<Element: TensorElement>(
    _ name: String, as _: Element.Type
  ) throws(HeadraceError) -> Span<Element> {
    let tensor = try describe(name)
    guard tensor.dtype == Element.dtype else {
      throw HeadraceError(
        .wrongType, "Tensor \"\(name)\" holds \(tensor.dtype), not \(Element.dtype); read it as \(tensor.dtype).")
    }
    let span = try unsafe Span<Element>(_unsafeBytes: bytes(of: tensor))
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The bytes of a tensor of any dtype.
  ///
  /// - Throws: `noSuchTensor`, naming those that exist; `forkUnsafe` in a process that was forked since.
  @_lifetime(borrow self)
  public func bytes(_ name: String) throws(HeadraceError) -> RawSpan {
    let tensor = try describe(name)
    let span = try unsafe RawSpan(_unsafeBytes: bytes(of: tensor))
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Extent of each dimension of a tensor; the first is `rowCount`, unless the tensor's `role` says otherwise.
  ///
  /// - Throws: `noSuchTensor`, naming those that exist.
  public func shape(of name: String) throws(HeadraceError) -> [Int] {
    try describe(name).shape
  }

  /// Position in its epoch of the sample in `row`, from 0.
  ///
  /// - Precondition: `row` is one of the batch's samples, 0 to `count` - 1.
  /// - Throws: `forkUnsafe` in a process that was forked since.
  public func position(ofRow row: Int) throws(HeadraceError) -> Int {
    precondition(row >= 0 && row < count, "row \(row) of a batch of \(count) samples")
    if let copy { return copy.positions[row] }
    guard let ring = try lease.ring() else { return 0 }
    return Int(
      truncatingIfNeeded: ring.load(
        ring.slotOffset(lease.slot) + RingLayout.positionsOffset + row * 8, as: UInt64.self))
  }

  private func describe(_ name: String) throws(HeadraceError) -> BatchTensor {
    if let tensor = tensors.first(where: { $0.name == name }) { return tensor }
    throw HeadraceError(
      .noSuchTensor,
      "The batch has no tensor \"\(name)\"; it has \(tensors.map { "\"\($0.name)\"" }.joined(separator: ", ")).")
  }

  @unsafe private func bytes(of tensor: BatchTensor) throws(HeadraceError) -> UnsafeRawBufferPointer {
    if let copy {
      return unsafe UnsafeRawBufferPointer(
        rebasing: copy.payload[tensor.byteOffset..<(tensor.byteOffset + tensor.byteCount)])
    }
    guard let ring = try lease.ring() else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    let start = ring.payloadRange(lease.slot).lowerBound + tensor.byteOffset
    return unsafe UnsafeRawBufferPointer(ring.bytes(start..<(start + tensor.byteCount)))
  }
}
