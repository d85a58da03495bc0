import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// Whatever stands in the memory, the consumer gets an error or a batch whose spans lie within its slot.
@Suite struct HostileRingTests {
  /// A ring with one batch published, of a tensor of 4 rows and one of 4 x 2.
  private final class Setup {
    let ring: Ring
    let producer: RingProducer
    var consumer: RingConsumer
    var slot: Int { ring.geometry.slotsOffset }
    var table: Int { slot + RingLayout.slotDescriptorByteCount }

    init() throws {
      let ring = try Ring.small(slots: 2, rows: 8)
      self.ring = ring
      producer = RingProducer(ring)
      consumer = RingConsumer(ring)
      let spec = BatchSpec(size: 4, TensorSpec("a", .uint8), TensorSpec("b", .int32, shape: [2]))
      try producer.claim().publish(tensors: BatchTensor.layOut(spec, rows: 4))
    }

    /// Takes what the test has spoilt: the error has to be `incompatibleRing`, and the slot has to come back.
    func expectRefusal(_ what: String) {
      let error = consumer.takeError()
      #expect(error?.code == .incompatibleRing, "\(what)")
      #expect(ring.leasedSlotCount() == 0, "\(what)")
    }
  }

  @Test(arguments: [0, 4, 5, 255, UInt32.max]) func anUnknownMessageKindIsRefused(kind: UInt32) throws {
    let setup = try Setup()
    setup.ring.store(setup.slot, kind)
    setup.expectRefusal("kind \(kind)")
  }

  @Test(arguments: [17, 255, UInt32.max]) func tooManyTensorsAreRefused(count: UInt32) throws {
    let setup = try Setup()
    setup.ring.store(setup.slot + 4, count)
    setup.expectRefusal("\(count) tensors")
  }

  @Test(arguments: [UInt64(1) << 62, UInt64(Int64.max), UInt64(Int64.max) + 1, UInt64.max])
  func anEpochOrSequenceThatNobodyCountsToIsRefused(value: UInt64) throws {
    for offset in [8, 16] {
      let setup = try Setup()
      setup.ring.store(setup.slot + offset, value)
      setup.expectRefusal("\(value) at \(offset)")
    }
    for kind in [SlotMessage.endOfEpoch, .failure] {
      let setup = try Setup()
      setup.ring.store(setup.slot, kind.rawValue)
      setup.ring.store(setup.slot + 8, value)
      setup.expectRefusal("\(kind) of epoch \(value)")
    }
  }

  @Test func rowAndSampleCountsThatDoNotAgreeAreRefused() throws {
    // Rows, samples: more than the ring allows, more samples than rows, other rows than the tensors have.
    for (rows, samples) in [(9, 4), (UInt32.max, 4), (4, 5), (4, UInt32.max), (3, 3), (5, 4), (0, 0)]
      as [(UInt32, UInt32)]
    {
      let setup = try Setup()
      setup.ring.store(setup.slot + 24, rows)
      setup.ring.store(setup.slot + 28, samples)
      setup.expectRefusal("\(samples) samples in \(rows) rows")
    }
  }

  @Test func aTensorEntryThatDoesNotFitTogetherIsRefused() throws {
    let changes: [(String, Int, UInt64, Int)] = [
      ("dtype 0", 48, 0, 2), ("dtype 14", 48, 14, 2), ("dtype 65535", 48, 0xFFFF, 2),
      ("rank 0", 50, 0, 2), ("rank 8", 50, 8, 2), ("rank 65535", 50, 0xFFFF, 2),
      ("offset off its alignment", 56, 1, 8), ("offset of half a line", 56, 128, 8),
      ("offset beyond the slot", 56, 4096, 8), ("offset far beyond the slot", 56, 1 << 62, 8),
      ("offset at the end of the number range", 56, UInt64(Int64.max), 8), ("negative offset", 56, UInt64.max - 255, 8),
      ("bytes of another shape", 64, 5, 8), ("no bytes", 64, 0, 8), ("endless bytes", 64, UInt64.max, 8),
      ("other rows", 72, 5, 8), ("rows beyond the slot", 72, 4097, 8), ("endless rows", 72, UInt64(Int64.max), 8),
      ("negative rows", 72, UInt64.max, 8), ("no rows", 72, 0, 8),
    ]
    for (what, offset, value, byteCount) in changes {
      let setup = try Setup()
      for byte in 0..<byteCount {
        setup.ring.store(setup.table + offset + byte, UInt8(truncatingIfNeeded: value >> UInt64(byte * 8)))
      }
      setup.expectRefusal(what)
    }
  }

  @Test func shapesWhoseProductOverflowsAreRefused() throws {
    let large = UInt64(1) << 32
    for shape in [[4, large, large], [4, large << 30, 4], [large, large, 0], [4, UInt64.max, UInt64.max]] {
      let setup = try Setup()
      setup.ring.store(setup.table + 50, UInt16(shape.count))
      for (dimension, extent) in shape.enumerated() { setup.ring.store(setup.table + 72 + dimension * 8, extent) }
      setup.expectRefusal("\(shape)")
    }
  }

  @Test func anyPositionOfASampleIsReadWithoutATrap() throws {
    let setup = try Setup()
    for row in 0..<4 {
      setup.ring.store(setup.slot + RingLayout.positionsOffset + row * 8, UInt64.max - UInt64(row))
    }
    let held = try setup.consumer.take()
    for row in 0..<4 { _ = try held.batch.position(ofRow: row) }
    #expect(try BatchCopy(held.batch).count == 4)
  }

  @Test func aFailureOfAnyLengthIsReadWithinItsSlot() throws {
    for byteCount in [0, 31, 4096, 4097, UInt64(Int64.max), UInt64(Int64.max) + 1, UInt64.max] {
      let setup = try Setup()
      setup.ring.store(setup.slot, SlotMessage.failure.rawValue)
      setup.ring.store(setup.slot + 32, byteCount)
      guard case .failure = try setup.consumer.receive() else { throw HeadraceError(.notFound, "no failure") }
    }
  }

  @Test func anOrderEntryOfNoSlotIsAnErrorAndNotAnEndlessWait() throws {
    try Watchdog.guarding("a wait on an order entry of no slot") {
      for slot in [2, 3, 0xFFFF] {
        let setup = try Setup()
        setup.ring.store(setup.ring.geometry.orderOffset, OrderEntry(position: 0, slot: slot).rawValue)
        #expect(setup.consumer.wait(death: -1, until: nil) == .ready)
        setup.expectRefusal("slot \(slot)")
        // It went past: what follows is read as ever.
        try setup.producer.publish(5)
        let taken = try setup.consumer.takeNumbers()
        #expect(taken == [5])
      }
    }
  }

  @Test func anOrderEntryOfAnotherPositionIsAnErrorAndNotAnEndlessWait() throws {
    try Watchdog.guarding("a wait on an order entry of another position") {
      let setup = try Setup()
      setup.ring.store(setup.ring.geometry.orderOffset, UInt64(0))
      #expect(setup.consumer.wait(death: -1, until: nil) == .ready)
      setup.expectRefusal("entry 0")
    }
  }

  /// That is how it looks where others are far ahead.
  @Test func behindAnOrderEntryOfALaterPositionTheMessageIsFoundAmongTheStamps() throws {
    try Watchdog.guarding("a wait on an order entry of a later position") {
      for entry in [7 << 16, UInt64.max] {
        let setup = try Setup()
        setup.ring.store(setup.ring.geometry.orderOffset, entry)
        #expect(setup.consumer.wait(death: -1, until: nil) == .ready)
        _ = try setup.consumer.take()
        #expect(setup.consumer.takeError() == nil)
      }
    }
  }

  @Test func aSlotThatIsNotPublishedIsNotLeasedASecondTime() throws {
    let setup = try Setup()
    let held = try setup.consumer.take()
    try setup.producer.publish(1)
    // The entry of the second message names the slot of the first.
    setup.ring.store(setup.ring.geometry.orderOffset + 8, OrderEntry(position: 1, slot: 0).rawValue)
    // It is passed by, as what is for others.
    guard case .nothing = try setup.consumer.receive() else { throw HeadraceError(.limitExceeded, "a second lease") }
    #expect(setup.ring.states[0] == .leased)
    // Nobody gave the held slot back behind its holder.
    #expect(setup.producer.claimIfFree() == nil)
    withExtendedLifetime(held) {}
  }

  @Test func randomSlotsGiveErrorsOrBatchesWithinTheirSlot() throws {
    let setup = try Setup()
    var consumer = RingConsumer(setup.ring)
    _ = try consumer.take()
    let slotCount = setup.ring.geometry.slotCount
    let header = RingLayout.slotDescriptorByteCount + RingLayout.tensorTableByteCount
    var random = SplitMix64(seed: 6)
    var accepted = 0
    for round in 0..<3000 {
      let claim = try setup.producer.claim()
      let start = setup.ring.slotOffset(claim.slot)
      try claim.publish(round)
      // From one flipped bit to a slot full of noise.
      if round % 10 == 0 {
        setup.ring.fillRandomly(start..<(start + header), &random)
      } else {
        for _ in 0..<(round % 5 + 1) {
          let offset = start + Int.random(in: 0..<(round % 2 == 0 ? 48 : 384), using: &random)
          let byte = setup.ring.load(offset, as: UInt8.self)
          setup.ring.store(offset, byte ^ 1 << UInt8.random(in: 0..<8, using: &random))
        }
      }
      do throws(HeadraceError) {
        guard case .batch(let held) = try consumer.receive() else { continue }
        accepted += 1
        for tensor in held.batch.tensors {
          #expect(tensor.byteOffset >= 0 && tensor.byteCount >= 0)
          #expect(tensor.byteOffset + tensor.byteCount <= setup.ring.geometry.payloadCapacity)
          #expect(tensor.byteCount == tensor.shape.reduce(tensor.dtype.byteCount, *))
          #expect(tensor.shape.first == held.batch.rowCount)
        }
        _ = try BatchCopy(held.batch)
      } catch {
        #expect(error.code == .incompatibleRing)
      }
      #expect(setup.ring.states == Array(repeating: .free, count: slotCount))
    }
    // Some flips change nothing that matters, such as a number of the sequence.
    #expect(accepted > 100 && accepted < 2700)
  }
}
