import HeadraceCore
import HeadraceSystem
import Synchronization

/// A reading end of a ring. One per reader; used by one thread at a time. Leases may go to any thread.
///
/// It walks along the positions and takes what is for it. Where others are far ahead the order ring may have gone round
/// since: then it finds its oldest message among the stamps.
@safe
package struct RingConsumer: ~Copyable, Sendable {
  /// The ring that it reads from.
  package let ring: Ring
  /// The place of the reader.
  package let reader: Int
  /// Position of the next message: none before it is for this reader, unless `rescan` says so.
  private var position: UInt64
  /// How often somebody has handed over to this reader what lies before `position`.
  private var rescan: UInt32
  /// Batches that were taken, also by those who had this place before.
  private var batchCount: UInt64
  /// The tensors of the last batch, their rows, and the number of their table: most batches have the same.
  private var lastTable: UInt32 = 0
  private var lastTensors: [BatchTensor] = []
  private var lastRowCount: Int?

  /// Starts at the first message that was ever published: make one for a ring, before anything is taken from it.
  ///
  /// - Parameters:
  ///   - reader: the place.
  ///   - position: where it begins to look: what `Ring.join` has returned.
  package init(_ ring: Ring, reader: Int = 0, after position: UInt64 = 0) {
    self.ring = ring
    self.reader = reader
    self.position = position
    rescan = 0
    batchCount = UInt64(clamping: ring.progress(of: reader).takenCount)
    lookAgain(rescanCount)
  }

  /// Goes back to the oldest message that this reader is to have, where that lies before its position.
  ///
  /// - Parameter count: of what was handed over by now; what is handed over from here on is looked for again.
  private mutating func lookAgain(_ count: UInt32) {
    rescan = count
    if let found = oldestWanted(before: ring.publishedCount) { position = min(position, found.position) }
  }

  /// Whether `tryTake` might find something.
  package var isReady: Bool {
    unsafe OrderEntry(rawValue: ring.order(position).pointee.load(ordering: .relaxed)).isOfOrBeyond(position)
      || mustRescan
  }

  private var mustRescan: Bool { rescanCount != rescan }

  private var rescanCount: UInt32 {
    unsafe ring.atomic32(ring.readerOffset(reader) + RingLayout.ReaderOffset.rescan).pointee
      .load(ordering: .sequentiallyConsistent)
  }

  /// The next message; nil when there is none yet.
  ///
  /// - Throws: `incompatibleRing` when the slot holds what no producer of this version writes.
  /// - Complexity: O(1), where all readers are about equally far; else O(slots).
  package mutating func tryTake() throws(HeadraceError) -> Delivery? {
    while let slot = try findSlot() {
      // SYNC(release): as long as this reader is wanted here, the slot holds that message; so what is read below is of
      // the round that was seen, or the exchange fails. Others may have taken it, and the slot may have gone round
      // since.
      let seen = SlotStamp(rawValue: unsafe ring.stamp(slot).pointee.load(ordering: .acquiring))
      guard seen.state == .published, !seen.wanted.intersection(ReaderSet(reader)).isEmpty,
        ring.messagePosition(slot) == position
      else { continue }
      let isForOne = ring.geometry.sharing == .firstCome && ring.isBatch(slot)
      guard
        ring.update(
          slot, { $0.round == seen.round ? $0.taken(by: ReaderSet(reader), isForOne: isForOne) : nil })
      else { continue }
      // It is this very message, unless the slot has gone round 16,384 times in between: then its turn is later.
      guard ring.messagePosition(slot) == position else {
        ring.update(slot) { $0.putBack(by: ReaderSet(reader)) }
        continue
      }
      // Past it whatever it is, also if it cannot be read.
      position += 1
      // From here on the slot goes back by itself, whatever happens.
      return try read(SlotLease(ring: ring, slot: slot, reader: reader), slot)
    }
    return nil
  }

  /// The slot that holds the next message for this reader, to whose position it goes; nil when there is none yet.
  private mutating func findSlot() throws(HeadraceError) -> Int? {
    let count = rescanCount
    if count != rescan { lookAgain(count) }
    while true {
      // SYNC(publish): pairs with the releasing store in SlotClaim.finish: the slot's contents are visible from here
      // on.
      let entry = OrderEntry(rawValue: unsafe ring.order(position).pointee.load(ordering: .acquiring))
      if let slot = entry.slot(at: position) {
        guard slot < ring.geometry.slotCount else { throw pass(entry) }
        if isWanted(slot, at: position) { return slot }
        position += 1
        continue
      }
      // SYNC(data): the cursor moves after the entry is written: where the cursor has passed, the entry must be there.
      let published = ring.publishedCount
      guard published > position else { return nil }
      guard unsafe OrderEntry(rawValue: ring.order(position).pointee.load(ordering: .acquiring)).isOfOrBeyond(position)
      else { throw pass(entry) }
      // Unless the order ring has gone round since.
      if let found = oldestWanted(before: published) {
        position = found.position
        return found.slot
      }
      // All before it has been looked at.
      position = published
    }
  }

  /// Whether a slot holds the message of that position, for this reader to take.
  private func isWanted(_ slot: Int, at position: UInt64) -> Bool {
    let stamp = SlotStamp(rawValue: unsafe ring.stamp(slot).pointee.load(ordering: .acquiring))
    return stamp.state == .published && stamp.wanted.contains(reader) && ring.messagePosition(slot) == position
  }

  /// The oldest message that this reader is to have, of those that are announced.
  private func oldestWanted(before published: UInt64) -> (slot: Int, position: UInt64)? {
    var oldest: (slot: Int, position: UInt64)?
    for slot in 0..<ring.geometry.slotCount {
      let found = ring.messagePosition(slot)
      guard found < min(published, oldest?.position ?? .max), isWanted(slot, at: found) else { continue }
      oldest = (slot, found)
    }
    return oldest
  }

  private mutating func read(_ lease: consuming SlotLease, _ slot: Int) throws(HeadraceError) -> Delivery {
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
      ring.noteTaken(batchCount, by: reader)
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

  /// Waits until there may be something to take.
  ///
  /// - Parameters:
  ///   - death: a descriptor that becomes readable when the producer ends, or -1.
  ///   - deadline: on `MonotonicClock`; nil for no bound.
  package func wait(death: Int32, until deadline: UInt64?) -> WaitResult {
    // Spinning covers a producer that is about to publish; longer would take CPU from the producer itself.
    for _ in 0..<64 where isReady { return .ready }
    let begun = MonotonicClock.now
    ring.beginWait(begun, by: reader)
    defer { ring.endWait(since: begun, by: reader) }
    guard let signal = ring.memory.dataSignals[reader] else { preconditionFailure("no signal of reader \(reader)") }
    let flag = unsafe ring.waitingFlag(reader)
    defer { unsafe flag.pointee.store(0, ordering: .relaxed) }
    while true {
      signal.drain()
      // SYNC(data): sequentially consistent: flag first, cursor second; SlotClaim.finish does it the other way round.
      unsafe flag.pointee.store(1, ordering: .sequentiallyConsistent)
      if unsafe ring.atomic64(RingLayout.publishedOffset).pointee.load(ordering: .sequentiallyConsistent) > position
        || mustRescan
      {
        return .ready
      }
      let readiness = Poll.wait(signal.number, death, until: deadline)
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

  /// Asks the producer to go to epoch `epoch` and drop what it has begun of earlier ones, once every reader does.
  package func request(epoch: Int) {
    note(epoch: epoch)
    ring.memory.controlSignal.signal()
  }

  /// Says that earlier epochs than `epoch` are of no use to this reader any more, where the producer need not know at
  /// once.
  package func note(epoch: Int) {
    unsafe ring.atomic64(ring.readerOffset(reader) + RingLayout.ReaderOffset.requestedEpoch).pointee
      .store(UInt64(epoch), ordering: .releasing)
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

  /// An error that came for ever would be as bad as a wait without an end.
  @inline(never)
  private mutating func pass(_ entry: OrderEntry) -> HeadraceError {
    position += 1
    return incompatible("\(entry.rawValue) as order entry \(position - 1)")
  }

  @inline(never)
  private func incompatible(_ what: String) -> HeadraceError {
    HeadraceError(
      .incompatibleRing,
      "The ring holds \(what), which layout version \(RingLayout.version) does not know;"
        + " the memory was overwritten, or the programs are of different versions.")
  }
}
