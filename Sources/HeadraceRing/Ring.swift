import HeadraceCore
import HeadraceSystem
import Synchronization

/// A bounded ring of slots in shared memory, through which a producer hands batches to one reader or to several without
/// copying them.
///
/// The life of a slot, and the two operations that order it:
///
///     producer                              each reader
///     claim     stamp: free -> claimed
///     write     descriptor, payload
///     publish   stamp: -> published, with a bit "wanted" for each reader that is to have it
///               order[p] = slot  (release)
///                                           take      order[p]  (acquire), stamp: own bit wanted -> held
///                                           read      payload
///                                           release   stamp: own bit held -> 0;
///                                                     the last: -> free, next round  (release)
///     claim     stamp  (acquire)
///
/// The memory is anonymous (memfd), reserved by the process that starts the loader, and shared by fork. This class is
/// the only code that touches it; above it are `RingProducer`, `RingConsumer`, claims and leases. Who the readers are
/// is decided by one process alone; see `join`.
@safe
package final class Ring: @unchecked Sendable {
  /// The sizes that it was made with; they never change.
  package let geometry: RingGeometry
  let memory: RingMemory
  /// The memory's file, where further readers may ask for it, or there is something left to reserve.
  private let file = Mutex<MemoryFile?>(nil)
  /// In a reader that has attached: its end is what gives back what this process holds.
  private let connection: MessageSocket?

  /// Makes a ring and reserves its memory.
  ///
  /// - Parameters:
  ///   - hasReader: whether this process is the reader at place 0.
  ///   - keepsFile: whether further readers, and whoever only looks, may have the memory of this process.
  ///   - reservesLater: whether the memory of the slots is left to `reserveSlots`, so that the producer starts
  ///     meanwhile; the file is kept for that.
  ///   - share: called once with it and the numbers of the open files that another process needs for the same ring,
  ///     which takes them with `init(_:from:)`; the memory's own is closed afterwards unless it is kept, so that no
  ///     other child keeps the memory.
  /// - Throws: `outOfMemory` when the memory is not to be had, naming the size; `systemCall`; what `share` throws.
  /// - Complexity: O(bytes), about 0.13 ms per MiB.
  package init(
    _ geometry: RingGeometry, hasReader: Bool = true, keepsFile: Bool = false, reservesLater: Bool = false,
    sharing share: (Ring, [Int32]) throws(HeadraceError) -> Void = { _, _ in }
  ) throws(HeadraceError) {
    let byteCount = geometry.byteCount
    // Ask before taking: in a control group, reserving too much brings the kernel's out-of-memory killer, not an error.
    if let available = AvailableMemory.byteCount, byteCount > available {
      throw Self.outOfMemory(geometry, nil, " and \(HumanUnits.bytes(available)) are available")
    }
    self.geometry = geometry
    connection = nil
    func attempt<Part: ~Copyable>(_ make: () throws(Errno) -> Part) throws(HeadraceError) -> Part {
      do {
        return try make()
      } catch {
        if ["fallocate", "ftruncate", "mmap"].contains(error.call) { throw Self.outOfMemory(geometry, error) }
        throw HeadraceError(.systemCall, "The ring could not be made.", cause: "\(error)")
      }
    }
    let name = RingName()
    let file = try attempt { () throws(Errno) in
      try MemoryFile(
        name: RingName.ring + name.number, byteCount: byteCount,
        reserving: reservesLater ? geometry.slotsOffset : byteCount)
    }
    memory = try attempt { () throws(Errno) in try RingMemory(file, name, readerCount: geometry.readerCount) }
    store(RingLayout.slotCountOffset, UInt32(geometry.slotCount))
    store(RingLayout.maximumRowsOffset, UInt32(geometry.maximumRows))
    store(RingLayout.slotStrideOffset, UInt64(geometry.slotStride))
    store(RingLayout.payloadCapacityOffset, UInt64(geometry.payloadCapacity))
    store(RingLayout.readerCountOffset, UInt32(geometry.readerCount))
    store(RingLayout.sharingOffset, geometry.sharing.number)
    store(RingLayout.versionOffset, RingLayout.version)
    if hasReader { _ = join(place: 0, processID: ProcessIdentity.current.processID) }
    // Nobody waits for anything yet.
    memory.controlSignal.drain()
    memory.dataSignals[0]?.drain()
    // SYNC(magic): last and releasing: whoever loads the magic number, acquiring, sees the rest.
    unsafe atomic64(RingLayout.magicOffset).pointee.store(RingLayout.magic, ordering: .releasing)
    try share(self, [file.descriptor.number] + memory.descriptors())
    if keepsFile || reservesLater { keep(file) }
  }

  /// Reserves the memory of the slots, for a ring that was made with `reservesLater`.
  ///
  /// Meanwhile another process may write to the ring; where memory is short, that process may end with SIGBUS before
  /// this one has its error.
  ///
  /// - Throws: `outOfMemory` when the memory is not to be had, naming the size.
  /// - Complexity: O(bytes), about 0.13 ms per MiB.
  package func reserveSlots() throws(HeadraceError) {
    do throws(Errno) {
      try file.withLock { file throws(Errno) in
        switch file {
        case .some(let file): try file.reserve(geometry.slotBytes)
        case .none: preconditionFailure("the file of the ring was let go of before all was reserved")
        }
      }
    } catch {
      throw Self.outOfMemory(geometry, error)
    }
  }

  private static func outOfMemory(
    _ geometry: RingGeometry, _ cause: Errno?, _ have: String = ""
  ) -> HeadraceError {
    HeadraceError(
      .outOfMemory,
      "A ring of \(geometry.slotCount) slots of \(HumanUnits.bytes(geometry.payloadCapacity)) needs"
        + " \(HumanUnits.bytes(geometry.byteCount)) of memory\(have);"
        + " lower slots, BatchSpec.size or the tensors' shapes.",
      cause: cause.map(String.init(describing:)))
  }

  /// A ring that another process has made.
  ///
  /// - Parameters:
  ///   - reader: the place that this process has as a reader; nil: it is none.
  ///   - connection: to the process that has given it the place; kept until the ring and all leases are gone.
  ///   - keepsFile: as above.
  /// - Throws: `incompatibleRing` when the memory is not a ring of this version with these sizes; `systemCall`.
  package init(
    _ geometry: RingGeometry, from message: inout MessageSocket.Message, reader: Int? = nil,
    connection: consuming MessageSocket? = nil, keepsFile: Bool = false
  ) throws(HeadraceError) {
    self.geometry = geometry
    self.connection = connection
    var size = 0
    do {
      let file = try MemoryFile(try message.takeDescriptor())
      size = file.byteCount
      memory = try RingMemory(file, from: &message, readerCount: geometry.readerCount, reader: reader)
      if keepsFile { keep(file) }
    } catch {
      throw HeadraceError(.systemCall, "The ring could not be opened.", cause: "\(error)")
    }
    // SYNC(magic): acquiring: see above.
    guard size == geometry.byteCount,
      unsafe atomic64(RingLayout.magicOffset).pointee.load(ordering: .acquiring) == RingLayout.magic,
      load(RingLayout.versionOffset, as: UInt32.self) == RingLayout.version
    else {
      throw HeadraceError(
        .incompatibleRing,
        "The memory that this process was given is no ring of layout version \(RingLayout.version) with"
          + " \(geometry.byteCount) bytes; build both programs from one version.")
    }
  }

  /// A ring that another process has, to be looked at and not to be touched: it is mapped for reading alone.
  ///
  /// - Throws: `systemCall`.
  package init(observing files: consuming ObservedFiles) throws(HeadraceError) {
    geometry = files.geometry
    connection = nil
    do {
      memory = try RingMemory(observing: files)
    } catch {
      throw HeadraceError(.systemCall, "The ring could not be looked at.", cause: "\(error)")
    }
  }

  private func keep(_ file: consuming MemoryFile) {
    var given: MemoryFile? = file
    self.file.withLock { $0 = given.take() }
  }

  /// Lets go of the memory's file: no further reader gets it from this process.
  package func forgetFile() { file.withLock { $0 = nil } }

  /// Numbers of the open files that the reader at `place` needs, in the order in which it takes them.
  ///
  /// - Returns: nil once this process has let go of the memory's file.
  package func descriptors(forReader place: Int) -> [Int32]? {
    let number: Int32? = file.withLock { file in
      switch file {
      case .some(let file): file.descriptor.number
      case .none: nil
      }
    }
    return number.map { [$0] + memory.descriptors(for: place) }
  }

  /// In a reader that has attached: asks to be given no further batches. What it holds stays.
  package func sayLeaving() {
    switch connection {
    // Needs no descriptor. Who does not listen any more has ended, and the loader with it.
    case .some(let socket): try? socket.send([])
    case .none: break
    }
  }

  /// Enters the header's pages into this process's page table, so that no access to them faults later.
  package func populateHeader() {
    memory.mapping.populate(0..<geometry.slotsOffset, forWriting: true)
  }

  /// Enters all pages into this process's page table, slot by slot.
  ///
  /// - Complexity: O(bytes): about 0.4 ms per MiB.
  package func populate(forWriting: Bool) {
    populateHeader()
    for slot in 0..<geometry.slotCount {
      let start = slotOffset(slot)
      memory.mapping.populate(start..<(start + geometry.slotStride), forWriting: forWriting)
    }
  }

  /// Makes the slots read-only in this process, so that no consumer changes a batch that others may read.
  package func makeSlotsReadOnly() throws(HeadraceError) {
    do {
      try memory.mapping.makeReadOnly(geometry.slotsOffset..<geometry.byteCount)
    } catch {
      throw HeadraceError(.systemCall, "The ring's slots could not be made read-only.", cause: "\(error)")
    }
  }

  /// Leaves the ring's memory out of children that this process forks from now on. A batch of the parent's refuses to
  /// be read there.
  package func excludeFromForks() throws(HeadraceError) {
    do {
      try memory.mapping.excludeFromForks()
    } catch {
      throw HeadraceError(.systemCall, "The ring could not be kept from later children.", cause: "\(error)")
    }
  }

  // MARK: Plain memory

  func store<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ value: Value) {
    unsafe memory.mapping.bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }

  func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as _: Value.Type) -> Value {
    unsafe Value(littleEndian: memory.mapping.bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// The bytes of `range`; whoever asks knows that they are theirs to read or write.
  @unsafe func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory.mapping.bytes[range])
  }

  // MARK: Atomic words

  /// The word at `offset`, which is a multiple of 8.
  @unsafe func atomic64(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe (memory.mapping.bytes.baseAddress! + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  @unsafe func atomic32(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe (memory.mapping.bytes.baseAddress! + offset).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  @unsafe func stamp(_ slot: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe atomic64(geometry.stampsOffset + slot * RingLayout.stampStride)
  }

  @unsafe func order(_ position: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>> {
    let index = Int(position % UInt64(geometry.slotCount))
    return unsafe atomic64(geometry.orderOffset + index * RingLayout.orderEntryByteCount)
  }

  func slotOffset(_ slot: Int) -> Int { geometry.slotsOffset + slot * geometry.slotStride }

  func payloadRange(_ slot: Int) -> Range<Int> {
    let start = slotOffset(slot) + geometry.payloadOffset
    return start..<(start + geometry.payloadCapacity)
  }

  // MARK: What either side may ask

  /// Messages published since the ring was made.
  package var publishedCount: UInt64 {
    unsafe atomic64(RingLayout.publishedOffset).pointee.load(ordering: .acquiring)
  }

  /// Slots that are not free at this moment.
  package var usedSlotCount: Int {
    (0..<geometry.slotCount).count { slot in
      unsafe SlotStamp(rawValue: stamp(slot).pointee.load(ordering: .acquiring)).state != .free
    }
  }

  /// Batches that a reader is to have or holds.
  package var pendingBatchCount: Int {
    (0..<geometry.slotCount).count { slot in
      unsafe SlotStamp(rawValue: stamp(slot).pointee.load(ordering: .acquiring)).state == .published && isBatch(slot)
    }
  }

  /// Slots that are held at this moment.
  ///
  /// - Parameter readers: those whose leases count; nil: all.
  package func leasedSlotCount(of readers: ReaderSet? = nil) -> Int {
    (0..<geometry.slotCount).count { slot in
      let held = unsafe SlotStamp(rawValue: stamp(slot).pointee.load(ordering: .relaxed)).held
      return !(readers.map(held.intersection) ?? held).isEmpty
    }
  }

  /// The descriptor that becomes readable when the consumer has something to say, or a slot came back that was waited
  /// for.
  package var controlDescriptor: Int32 { memory.controlSignal.descriptor.number }

  /// Forgets past signals.
  package func drainControl() { memory.controlSignal.drain() }

  /// Whether the consumer has asked the worker to stop.
  package var isStopRequested: Bool {
    unsafe atomic32(RingLayout.stopRequestedOffset).pointee.load(ordering: .acquiring) != 0
  }

  /// The payload of a slot that the producer has claimed, in any process that writes rows for it; nil if there is no
  /// such slot.
  package func payload(ofSlot slot: Int) -> UnsafeMutableRawBufferPointer? {
    guard (0..<geometry.slotCount).contains(slot) else { return nil }
    return unsafe bytes(payloadRange(slot))
  }

  /// Deaths of processes of the worker's pool since the ring was made.
  package var poolDeathCount: Int {
    Int(unsafe atomic32(RingLayout.poolDeathCountOffset).pointee.load(ordering: .relaxed))
  }

  /// A process of the worker's pool has died.
  package func notePoolDeath() {
    unsafe atomic32(RingLayout.poolDeathCountOffset).pointee.wrappingAdd(1, ordering: .relaxed)
  }

  /// What the worker is doing.
  package var workerPhase: WorkerPhase {
    get {
      unsafe WorkerPhase(rawValue: atomic32(RingLayout.workerPhaseOffset).pointee.load(ordering: .acquiring))
        ?? .starting
    }
    set { unsafe atomic32(RingLayout.workerPhaseOffset).pointee.store(newValue.rawValue, ordering: .releasing) }
  }

  /// CPU time of the worker in nanoseconds, its peak memory in bytes, and bytes that it moved
  /// within slots or copied into them.
  package var workerUsage: (cpuNanoseconds: UInt64, peakResidentByteCount: UInt64, copiedByteCount: UInt64) {
    get {
      unsafe (
        atomic64(RingLayout.workerCPUOffset).pointee.load(ordering: .relaxed),
        atomic64(RingLayout.workerPeakResidentOffset).pointee.load(ordering: .relaxed),
        atomic64(RingLayout.workerCopiedBytesOffset).pointee.load(ordering: .relaxed)
      )
    }
    set {
      unsafe atomic64(RingLayout.workerCPUOffset).pointee.store(newValue.cpuNanoseconds, ordering: .relaxed)
      unsafe atomic64(RingLayout.workerPeakResidentOffset).pointee
        .store(newValue.peakResidentByteCount, ordering: .relaxed)
      unsafe atomic64(RingLayout.workerCopiedBytesOffset).pointee.store(newValue.copiedByteCount, ordering: .relaxed)
    }
  }

  /// Takes back a slot that a reader's lease held. Called once per lease, from any thread.
  func release(_ slot: Int, by reader: Int) {
    // Only a count, read by people.
    unsafe atomic64(readerOffset(reader) + RingLayout.ReaderOffset.released).pointee.wrappingAdd(1, ordering: .relaxed)
    update(slot) { $0.released(by: ReaderSet(reader)) }
  }

  /// Makes a slot that was claimed free again, and wakes a producer that found none.
  func free(_ slot: Int) {
    let word = unsafe stamp(slot)
    let current = SlotStamp(rawValue: unsafe word.pointee.load(ordering: .relaxed))
    // SYNC(space): see update.
    unsafe word.pointee.store(current.recycled.rawValue, ordering: .sequentiallyConsistent)
    wakeProducer()
  }

  /// Changes a slot's stamp in one exchange; where that frees the slot, wakes a producer that found none.
  ///
  /// - Parameter change: the stamp that is to follow; nil: nothing is to change.
  /// - Returns: whether it has changed.
  @discardableResult
  func update(_ slot: Int, _ change: (SlotStamp) -> SlotStamp?) -> Bool {
    let word = unsafe stamp(slot)
    var seen = unsafe word.pointee.load(ordering: .relaxed)
    while true {
      guard let next = change(SlotStamp(rawValue: seen)) else { return false }
      // SYNC(release): what was read or written lies before this; pairs with the acquiring exchange in
      // RingProducer.tryClaim, after which the producer may overwrite it.
      // SYNC(space): sequentially consistent, and so is the look at the flag below, against RingProducer.tryClaim,
      // which sets the flag and then looks at the stamps: at least one side sees the other, so no wake-up is lost.
      let (won, found) = unsafe word.pointee.compareExchange(
        expected: seen, desired: next.rawValue, ordering: .sequentiallyConsistent)
      if won {
        if next.state == .free { wakeProducer() }
        return true
      }
      seen = found
    }
  }

  private func wakeProducer() {
    let flag = unsafe atomic32(RingLayout.producerWaitingOffset)
    guard unsafe flag.pointee.load(ordering: .sequentiallyConsistent) != 0 else { return }
    if unsafe flag.pointee.exchange(0, ordering: .sequentiallyConsistent) != 0 { memory.controlSignal.signal() }
  }
}
