import HeadraceCore
import HeadraceSystem
import Synchronization

/// The reading end of a ring. One per ring; used by one thread at a time. Leases may go to any thread.
@safe
package struct RingConsumer: ~Copyable, Sendable {
  /// The ring that it reads from.
  package let ring: Ring
  /// Position of the next message.
  private var position: UInt64
  /// Batches that were taken.
  private var batchCount: UInt64 = 0
  /// The tensors of the last batch, their rows, and the number of their table: most batches have the same.
  private var lastTable: UInt32 = 0
  private var lastTensors: [BatchTensor] = []
  private var lastRowCount: Int?

  /// Starts at the first message that was ever published: make one for a ring, before anything is taken from it.
  ///
  /// - Parameter position: how many messages were taken before.
  package init(_ ring: Ring, after position: UInt64 = 0) {
    self.ring = ring
    self.position = position
  }

  /// Whether `tryTake` would find something.
  package var isReady: Bool {
    unsafe OrderEntry(rawValue: ring.order(position).pointee.load(ordering: .relaxed)).slot(at: position) != nil
  }

  /// The next message; nil when there is none yet.
  ///
  /// - Throws: `incompatibleRing` when the slot holds what no producer of this version writes.
  package mutating func tryTake() throws(HeadraceError) -> Delivery? {
    // SYNC(publish): pairs with the releasing store in SlotClaim.finish: the slot's contents are visible from here on.
    var entry = OrderEntry(rawValue: unsafe ring.order(position).pointee.load(ordering: .acquiring))
    if entry.slot(at: position) == nil {
      // SYNC(data): the cursor moves after the entry is written: where the cursor has passed, the entry must be there.
      guard unsafe ring.atomic64(RingLayout.publishedOffset).pointee.load(ordering: .acquiring) > position else {
        return nil
      }
      entry = OrderEntry(rawValue: unsafe ring.order(position).pointee.load(ordering: .acquiring))
    }
    // Past it whatever it is: an error that came for ever would be as bad as a wait without an end.
    defer { position += 1 }
    guard let slot = entry.slot(at: position), slot < ring.geometry.slotCount else {
      throw incompatible("\(entry.rawValue) as order entry \(position)")
    }
    let word = unsafe ring.stamp(slot)
    let stamp = SlotStamp(rawValue: unsafe word.pointee.load(ordering: .relaxed))
    // Else somebody has it, and would give it back a second time.
    guard stamp.state == .published else { throw incompatible("slot \(slot), which is \(stamp.state), as a message") }
    unsafe word.pointee.store(stamp.with(.leased).rawValue, ordering: .relaxed)
    // From here on the slot goes back by itself, whatever happens.
    let lease = SlotLease(ring: ring, slot: slot)
    let base = ring.slotOffset(slot)
    let epoch = try readCount(base + 8)
    switch SlotMessage(rawValue: ring.load(base, as: UInt32.self)) {
    case .batch?:
      let rows = Int(ring.load(base + 24, as: UInt32.self))
      let samples = Int(ring.load(base + 28, as: UInt32.self))
      let table = ring.load(base + 40, as: UInt32.self)
      if table != lastTable { try readTensors(slot, table: table) }
      let tensors = lastTensors
      guard samples <= rows, rows <= ring.geometry.maximumRows, tensors.isEmpty || lastRowCount == rows else {
        throw incompatible("\(samples) samples in \(rows) rows, of at most \(ring.geometry.maximumRows)")
      }
      batchCount += 1
      ring.noteTaken(batchCount)
      return .batch(
        Batch(
          lease: lease, epoch: epoch, sequence: try readCount(base + 16), count: samples,
          rowCount: rows, tensors: tensors))
    case .endOfEpoch?:
      return .endOfEpoch(epoch)
    case .failure?:
      let byteCount = min(Int(truncatingIfNeeded: ring.load(base + 32, as: UInt64.self)), ring.geometry.payloadCapacity)
      let start = ring.payloadRange(slot).lowerBound
      return .failure(
        ErrorCoding.decode(unsafe Array(ring.bytes(start..<(start + max(0, byteCount))))), epoch: epoch)
    case nil:
      throw incompatible("message kind \(ring.load(base, as: UInt32.self))")
    }
  }

  /// Waits until there is something to take.
  ///
  /// - Parameters:
  ///   - death: a descriptor that becomes readable when the producer ends, or -1.
  ///   - deadline: on `MonotonicClock`; nil for no bound.
  package func wait(death: Int32, until deadline: UInt64?) -> WaitResult {
    // Spinning covers a producer that is about to publish; longer would take CPU from the producer itself.
    for _ in 0..<64 where isReady { return .ready }
    let begun = MonotonicClock.now
    ring.beginWait(begun)
    defer { ring.endWait(since: begun) }
    let flag = unsafe ring.atomic32(RingLayout.consumerWaitingOffset)
    defer { unsafe flag.pointee.store(0, ordering: .relaxed) }
    while true {
      ring.memory.dataSignal.drain()
      // SYNC(data): sequentially consistent: flag first, cursor second; SlotClaim.finish does it the other way round.
      unsafe flag.pointee.store(1, ordering: .sequentiallyConsistent)
      if unsafe ring.atomic64(RingLayout.publishedOffset).pointee.load(ordering: .sequentiallyConsistent) > position {
        return .ready
      }
      let readiness = Poll.wait(ring.memory.dataSignal.descriptor.number, death, until: deadline)
      if isReady { return .ready }
      if readiness.second { return .producerEnded }
      if readiness.timedOut { return .timedOut }
    }
  }

  /// Why a wait ended.
  package enum WaitResult: Sendable {
    /// There is something to take.
    case ready
    /// The producer has ended and published nothing more.
    case producerEnded
    /// The deadline has passed. Nothing is lost; wait again.
    case timedOut
  }

  /// Asks the producer to go to epoch `epoch` and drop what it has begun of earlier ones.
  package func request(epoch: Int) {
    unsafe ring.atomic64(RingLayout.requestedEpochOffset).pointee.store(UInt64(epoch), ordering: .releasing)
    ring.memory.controlSignal.signal()
  }

  /// Asks the producer to stop.
  package func requestStop() {
    unsafe ring.atomic32(RingLayout.stopRequestedOffset).pointee.store(1, ordering: .releasing)
    ring.memory.controlSignal.signal()
  }

  /// An epoch or a sequence number: so small that nobody who counts on from it overflows.
  private func readCount(_ offset: Int) throws(HeadraceError) -> Int {
    let value = ring.load(offset, as: UInt64.self)
    guard value < 1 << 62 else { throw incompatible("epoch or sequence \(value)") }
    return Int(value)
  }

  // Apart from what each batch goes through, which is then a few lines of instructions, to be fetched anew after a
  // sleep.
  @inline(never)
  private mutating func readTensors(_ slot: Int, table: UInt32) throws(HeadraceError) {
    let count = Int(ring.load(ring.slotOffset(slot) + 4, as: UInt32.self))
    guard count <= BatchSpec.maximumTensorCount else { throw incompatible("\(count) tensors") }
    var tensors: [BatchTensor] = []
    for index in 0..<count {
      tensors.append(
        try readTensor(
          ring.slotOffset(slot) + RingLayout.slotDescriptorByteCount + index * RingLayout.tensorEntryByteCount))
    }
    for (index, tensor) in tensors.enumerated() {
      let isBehindOffsets = index > 0 && tensors[index - 1].role == .offsets
      guard (tensor.role == .values) == isBehindOffsets, tensor.role != .offsets || index + 1 < count else {
        throw incompatible("tensor \"\(tensor.name)\" of role \(tensor.role) at place \(index)")
      }
    }
    let rows = tensors.first?.rowCount
    lastTensors = tensors
    lastRowCount = tensors.allSatisfy { $0.rowCount ?? rows == rows } ? rows : nil
    // Last: a table that cannot be read is looked at again.
    lastTable = table
  }

  private func readTensor(_ entry: Int) throws(HeadraceError) -> BatchTensor {
    let name = unsafe String(decoding: ring.bytes(entry..<(entry + 48)).prefix { $0 != 0 }, as: UTF8.self)
    let rank = Int(ring.load(entry + 50, as: UInt16.self))
    let role = ring.load(entry + 52, as: UInt16.self)
    guard let dtype = DType(rawValue: ring.load(entry + 48, as: UInt16.self)), let role = TensorRole(rawValue: role),
      (1...(BatchSpec.maximumRank + 1)).contains(rank)
    else { throw incompatible("tensor \"\(name)\" of rank \(rank) and role \(role)") }
    let shape = (0..<rank).map { ring.load(entry + 72 + $0 * 8, as: UInt64.self) }
    let offset = ring.load(entry + 56, as: UInt64.self)
    let byteCount = ring.load(entry + 64, as: UInt64.self)
    let capacity = UInt64(ring.geometry.payloadCapacity)
    var product = UInt64(dtype.byteCount)
    var fits = true
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      fits = fits && !overflow && next <= capacity && extent <= capacity
      product = next
    }
    guard fits, product == byteCount, offset % UInt64(BatchTensor.alignment) == 0, offset <= capacity - byteCount
    else { throw incompatible("tensor \"\(name)\" of \(dtype)\(shape) in \(byteCount) bytes at \(offset)") }
    // Of a value, too, where there is none: who reads rows of different lengths multiplies these.
    var inner = UInt64(1)
    for extent in shape.dropFirst() {
      let (next, overflow) = inner.multipliedReportingOverflow(by: extent)
      guard !overflow, next < 1 << 46 else { throw incompatible("tensor \"\(name)\" of \(dtype)\(shape)") }
      inner = next
    }
    guard role != .offsets || (dtype == .int64 && rank == 1 && shape[0] > 0) else {
      throw incompatible("offsets \"\(name)\" of \(dtype)\(shape)")
    }
    return BatchTensor(name: name, dtype: dtype, shape: shape.map { Int($0) }, byteOffset: Int(offset), role: role)
  }

  @inline(never)
  private func incompatible(_ what: String) -> HeadraceError {
    HeadraceError(
      .incompatibleRing,
      "The ring holds \(what), which layout version \(RingLayout.version) does not know;"
        + " the memory was overwritten, or the programs are of different versions.")
  }
}
