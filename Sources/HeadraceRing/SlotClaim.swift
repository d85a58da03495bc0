import HeadraceCore
import Synchronization

/// The producer's hold on one slot: write, then publish. Going away unpublished gives the slot up.
@safe
package struct SlotClaim: ~Copyable, Sendable {
  private let ring: Ring
  /// Which slot it is, from 0.
  package let slot: Int
  private let tables: TableNumbers
  private var isPublished = false

  init(ring: Ring, slot: Int, tables: TableNumbers) {
    self.ring = ring
    self.slot = slot
    self.tables = tables
  }

  deinit {
    if !isPublished { ring.free(slot) }
  }

  /// Bytes that fit.
  package var capacity: Int { ring.geometry.payloadCapacity }

  /// The memory to write into, 4 KiB-aligned; the caller's alone until the claim is published or given up.
  @unsafe package var payload: UnsafeMutableRawBufferPointer {
    unsafe ring.bytes(ring.payloadRange(slot))
  }

  /// Refuses a batch that does not fit.
  ///
  /// - Throws: `batchTooLarge`, naming both sizes and the remedy; the claim stays usable.
  package func check(byteCount: Int, rows: Int) throws(HeadraceError) {
    guard byteCount <= capacity else {
      throw HeadraceError(
        .batchTooLarge,
        "A slot holds \(HumanUnits.count(capacity, "byte")), the batch needs \(HumanUnits.count(byteCount)); raise"
          + " slotByteCount or lower BatchSpec.size."
      )
    }
    guard rows <= ring.geometry.maximumRows else {
      throw HeadraceError(
        .batchTooLarge,
        "A slot has room for \(ring.geometry.maximumRows) rows, the batch has \(rows); raise the ring's maximumRows.")
    }
  }

  /// Makes a batch visible to those readers that are to have it.
  ///
  /// - Parameters:
  ///   - tensors: what the payload holds; all have the same number of rows and lie at multiples of 256 bytes. Offsets
  ///     are followed by their values.
  ///   - positions: position in the epoch of the sample in each row; rows beyond are padding.
  /// - Throws: `batchTooLarge` when the tensors exceed the slot; the slot is then given up.
  package consuming func publish(
    tensors: [BatchTensor], positions: [UInt64], epoch: Int, sequence: Int
  ) throws(HeadraceError) {
    // The first: values come behind their offsets.
    let rows = tensors.first?.rowCount ?? 0
    precondition(tensors.count <= BatchSpec.maximumTensorCount, "a batch of \(tensors.count) tensors")
    for tensor in tensors {
      precondition(
        (1...(BatchSpec.maximumRank + 1)).contains(tensor.shape.count) && tensor.rowCount ?? rows == rows
          && tensor.byteOffset % BatchTensor.alignment == 0, "\(tensor) in a batch of \(rows) rows")
    }
    precondition(positions.count <= rows, "\(positions.count) samples in a batch of \(rows) rows")
    let byteCount = BatchTensor.payloadByteCount(tensors)
    try check(byteCount: byteCount, rows: rows)
    let base = ring.slotOffset(slot)
    for (index, tensor) in tensors.enumerated() {
      let entry = base + RingLayout.slotDescriptorByteCount + index * RingLayout.tensorEntryByteCount
      let name = unsafe ring.bytes(entry..<(entry + 48))
      unsafe name.initializeMemory(as: UInt8.self, repeating: 0)
      unsafe name.copyBytes(from: tensor.name.utf8.wholePrefix(47))
      ring.store(entry + 48, tensor.dtype.rawValue)
      ring.store(entry + 50, UInt16(tensor.shape.count))
      ring.store(entry + 52, tensor.role.rawValue)
      ring.store(entry + 56, UInt64(tensor.byteOffset))
      ring.store(entry + 64, UInt64(tensor.byteCount))
      for (dimension, extent) in tensor.shape.enumerated() {
        ring.store(entry + 72 + dimension * 8, UInt64(extent))
      }
    }
    for (row, position) in positions.enumerated() {
      ring.store(base + RingLayout.positionsOffset + row * 8, position)
    }
    finish(
      .batch, epoch: epoch, sequence: sequence, rows: rows, positions: positions, tensors: tensors.count,
      table: tables.number(of: tensors), byteCount: byteCount)
  }

  /// Says that the epoch is complete.
  package consuming func publishEndOfEpoch(_ epoch: Int, sequence: Int) {
    finish(.endOfEpoch, epoch: epoch, sequence: sequence, rows: 0, positions: [], tensors: 0, table: 0, byteCount: 0)
  }

  /// Says that the epoch ended with an error.
  package consuming func publishFailure(_ error: HeadraceError, epoch: Int, sequence: Int) {
    let text = ErrorCoding.encode(error, limit: capacity)
    unsafe payload.copyBytes(from: text)
    finish(
      .failure, epoch: epoch, sequence: sequence, rows: 0, positions: [], tensors: 0, table: 0, byteCount: text.count)
  }

  private mutating func finish(
    _ kind: SlotMessage, epoch: Int, sequence: Int, rows: Int, positions: [UInt64], tensors: Int, table: UInt32,
    byteCount: Int
  ) {
    let base = ring.slotOffset(slot)
    ring.store(base, kind.rawValue)
    ring.store(base + 4, UInt32(tensors))
    ring.store(base + 8, UInt64(epoch))
    ring.store(base + 16, UInt64(sequence))
    ring.store(base + 24, UInt32(rows))
    ring.store(base + 28, UInt32(positions.count))
    ring.store(base + 32, UInt64(byteCount))
    ring.store(base + 40, table)
    let cursor = unsafe ring.atomic64(RingLayout.publishedOffset)
    let position = unsafe cursor.pointee.load(ordering: .relaxed)
    ring.setMessage(slot, kind, at: position)
    // Only for turns: elsewhere it makes no difference.
    let turn = ring.geometry.sharing == .partition ? ring.epochBatchCount(of: epoch, before: position) : 0
    let readers = ring.address(slot, kind, turn: turn)
    ring.noteStream(position, kind, epoch: epoch, sequence: sequence, positions: positions)
    let entry = OrderEntry(position: position, slot: slot)
    // SYNC(publish): the slot's contents lie before this store; pairs with the acquiring load in RingConsumer.tryTake.
    unsafe ring.order(position).pointee.store(entry.rawValue, ordering: .releasing)
    // SYNC(data): sequentially consistent with the flag: RingConsumer.wait sets the flag and then looks at the cursor.
    unsafe cursor.pointee.store(position + 1, ordering: .sequentiallyConsistent)
    ring.wakeWaitingReaders(readers, turn: position)
    isPublished = true
  }
}
