import Headrace
import HeadraceSystem

/// The producing process: does what it is told until there are no more orders.
@safe
struct TransportProducer {
  private let link: TransportLink
  private let ring: RingProducer
  /// The payload in private memory.
  private let source: UnsafeMutableRawBufferPointer
  private let tensors: [BatchTensor]
  private var sequence = 0

  /// Enters all memory into this process's page table, so that no measurement meets a page fault.
  init(_ link: TransportLink) {
    self.link = link
    ring = RingProducer(link.ring)
    tensors = [BatchTensor(name: PayloadPattern.name, dtype: .uint8, shape: [1, link.byteCount], byteOffset: 0)]
    link.ring.populate(forWriting: true)
    unsafe source = UnsafeMutableRawBufferPointer.allocate(byteCount: link.byteCount, alignment: 4096)
    _ = unsafe source.initializeMemory(as: UInt8.self, repeating: PayloadPattern.copied)
  }

  mutating func serve() throws {
    while let order = try link.nextOrder() {
      let start = MonotonicClock.now
      switch (order.kind, order.mode) {
      case (.payloads, .inPlace): try fillSlots(order.count)
      case (.payloads, .copyIn): try copyIntoSlots(order.count)
      case (.payloads, .memcpy): copyAlone(order.count)
      case (.payloads, .pipe): for _ in 0..<order.count { try unsafe link.pipe.write(payload) }
      case (.payloads, .unixSocket): for _ in 0..<order.count { try unsafe link.socket.write(payload) }
      case (.wakeUps, .pipe):
        try unsafe stamp(order.count) { bytes throws(Errno) in
          try unsafe link.pipe.write(bytes)
        }
      case (.wakeUps, .unixSocket):
        try unsafe stamp(order.count) { bytes throws(Errno) in
          try unsafe link.socket.write(bytes)
        }
      case (.wakeUps, _): try stampSlots(order.count)
      }
      try link.answer(nanoseconds: MonotonicClock.now - start)
    }
  }

  @unsafe private var payload: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(source) }

  // MARK: Payloads

  /// One streaming write per byte, straight into the slot: as a decoder would.
  private mutating func fillSlots(_ count: Int) throws {
    for index in 0..<count {
      let claim = claim()
      _ = unsafe UnsafeMutableRawBufferPointer(rebasing: claim.payload[..<link.byteCount])
        .initializeMemory(as: UInt8.self, repeating: PayloadPattern.inPlace(index))
      try publish(claim)
    }
  }

  private mutating func copyIntoSlots(_ count: Int) throws {
    for _ in 0..<count {
      let claim = claim()
      unsafe claim.payload.copyMemory(from: payload)
      try publish(claim)
    }
  }

  /// The same copies into the same memory, so with the same share of cache misses, and nothing else.
  private mutating func copyAlone(_ count: Int) {
    // The ring is empty between two orders: claims that are given up at once go round all slots.
    let slots = unsafe (0..<link.ring.geometry.slotCount).map { _ in unsafe claim().payload }
    for index in 0..<count { unsafe slots[index % slots.count].copyMemory(from: payload) }
  }

  private func claim() -> SlotClaim {
    while true {
      if let claim = ring.tryClaim() { return claim }
      _ = Poll.wait(ring.controlDescriptor)
      ring.drainControl()
    }
  }

  /// Every batch has the same shape, stamps too, as those of a trainer have.
  private mutating func publish(_ claim: consuming SlotClaim) throws {
    try claim.publish(tensors: tensors, positions: [0], epoch: 0, sequence: sequence)
    sequence += 1
  }

  // MARK: Wake-ups

  /// How long the consumer is left asleep.
  private static let sleepNanoseconds: UInt64 = 50_000

  private mutating func stampSlots(_ count: Int) throws {
    for _ in 0..<count {
      let claim = claim()
      repeat { pause() } while !ring.isConsumerWaiting
      // The flag goes up just before the consumer goes to sleep.
      pause()
      unsafe claim.payload.storeBytes(of: MonotonicClock.now, as: UInt64.self)
      try publish(claim)
    }
  }

  /// The kernel does not tell whether a reader sleeps: two pauses, as for the slots, are time enough.
  private func stamp(_ count: Int, _ write: (UnsafeRawBufferPointer) throws(Errno) -> Void) throws(Errno) {
    for _ in 0..<count {
      pause()
      pause()
      var now = MonotonicClock.now
      try unsafe withUnsafeBytes(of: &now) { bytes throws(Errno) in try unsafe write(bytes) }
    }
  }

  private func pause() {
    _ = Poll.wait(-1, until: MonotonicClock.now + Self.sleepNanoseconds)
  }
}
