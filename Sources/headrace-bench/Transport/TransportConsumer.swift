import Headrace
import HeadraceSystem

/// The consuming process: gives orders, takes what arrives, and measures.
@safe
struct TransportConsumer: ~Copyable {
  /// What an order took.
  struct Cost {
    /// Until the last payload had been taken; for `memcpy`, until the last was copied.
    var seconds: Double
    /// CPU time of this thread for taking payloads and letting go of them; nil where nothing is received. The rivals
    /// sleep within a read, so theirs has all of it.
    var cpuSeconds: Double?
    /// CPU time of this thread for falling asleep and waking up, which is the kernel's; nil where it cannot be told.
    var sleepCPUSeconds: Double?
  }

  private let link: TransportLink
  private let death: Int32
  private var ring: RingConsumer
  /// What the rivals read into, reused and warm.
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Parameter death: a descriptor that becomes readable when the producer has ended.
  init(_ link: TransportLink, death: Int32) {
    self.link = link
    self.death = death
    ring = RingConsumer(link.ring)
    link.ring.populate(forWriting: false)
    unsafe buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: link.byteCount, alignment: 4096)
    _ = unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit {
    unsafe buffer.deallocate()
  }

  // MARK: Payloads

  /// Takes `count` payloads.
  ///
  /// - Parameter verify: look into each payload; for the warm-up, since looking costs time.
  mutating func receive(_ count: Int, _ mode: TransportMode, verify: Bool = false) throws -> Cost {
    let start = MonotonicClock.now
    try link.send(TransportOrder(kind: .payloads, mode: mode, count: count))
    let startCPU = ResourceUsage.currentThreadCPUNanoseconds
    var sleepCPU: UInt64?
    switch mode {
    case .inPlace, .copyIn: sleepCPU = try lease(count, mode, verify: verify)
    case .memcpy: return Cost(seconds: Double(try link.awaitAnswer()) / 1e9)
    case .pipe: for _ in 0..<count { try read(link.pipe, verify: verify) }
    case .unixSocket: for _ in 0..<count { try read(link.socket, verify: verify) }
    }
    let cpu = ResourceUsage.currentThreadCPUNanoseconds - startCPU
    let elapsed = MonotonicClock.now - start
    _ = try link.awaitAnswer()
    return Cost(
      seconds: Double(elapsed) / 1e9, cpuSeconds: Double(cpu - (sleepCPU ?? 0)) / 1e9,
      sleepCPUSeconds: sleepCPU.map { Double($0) / 1e9 })
  }

  /// Takes leases and lets go of them: what a trainer's loop does to a batch, without the training.
  ///
  /// Returns the CPU time in nanoseconds that went into sleeping.
  private mutating func lease(_ count: Int, _ mode: TransportMode, verify: Bool) throws -> UInt64 {
    var index = 0
    var sleepCPU: UInt64 = 0
    while index < count {
      guard let delivery = try ring.tryTake() else {
        let start = ResourceUsage.currentThreadCPUNanoseconds
        guard ring.wait(death: death, until: nil) == .ready else { throw ProducerEnded() }
        sleepCPU += ResourceUsage.currentThreadCPUNanoseconds - start
        continue
      }
      if verify, case .batch(let batch) = consume delivery {
        let bytes = try batch.tensor(PayloadPattern.name, as: UInt8.self)
        let expected = mode == .inPlace ? PayloadPattern.inPlace(index) : PayloadPattern.copied
        guard bytes.count == link.byteCount, bytes[0] == expected, bytes[bytes.count - 1] == expected else {
          throw WrongPayload()
        }
      }
      index += 1
    }
    return sleepCPU
  }

  private func read(_ stream: borrowing ByteStream, verify: Bool) throws {
    guard try unsafe stream.read(into: buffer) else { throw ProducerEnded() }
    if verify, unsafe buffer[0] != PayloadPattern.copied || buffer[buffer.count - 1] != PayloadPattern.copied {
      throw WrongPayload()
    }
  }

  // MARK: Wake-ups

  /// Sleeps until each of `count` stamps arrives. Returns microseconds from stamp to return.
  mutating func wakeUps(_ count: Int, _ mode: TransportMode) throws -> [Double] {
    try link.send(TransportOrder(kind: .wakeUps, mode: mode, count: count))
    var result: [Double] = []
    result.reserveCapacity(count)
    for _ in 0..<count {
      let (stamp, arrival) = mode.usesRing ? try awaitSlot() : try awaitBytes(mode)
      result.append(Double(arrival - stamp) / 1e3)
    }
    _ = try link.awaitAnswer()
    return result
  }

  private mutating func awaitSlot() throws -> (stamp: UInt64, arrival: UInt64) {
    guard ring.wait(death: death, until: nil) == .ready else { throw ProducerEnded() }
    let arrival = MonotonicClock.now
    guard let delivery = try ring.tryTake(), case .batch(let batch) = consume delivery else { throw WrongPayload() }
    return (unsafe try batch.bytes(PayloadPattern.name).unsafeLoad(as: UInt64.self), arrival)
  }

  private func awaitBytes(_ mode: TransportMode) throws -> (stamp: UInt64, arrival: UInt64) {
    var stamp: UInt64 = 0
    let isComplete = try unsafe withUnsafeMutableBytes(of: &stamp) { bytes throws(Errno) in
      mode == .pipe ? try unsafe link.pipe.read(into: bytes) : try unsafe link.socket.read(into: bytes)
    }
    guard isComplete else { throw ProducerEnded() }
    return (stamp, MonotonicClock.now)
  }
}
