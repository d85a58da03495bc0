import HeadraceCore
import Testing

@testable import HeadraceRing

/// Batches of every size that fits, and the words for those that do not.
@Suite struct BatchSizeTests {
  private let spec = BatchSpec(size: 8, TensorSpec("a", .uint8, shape: [3]), TensorSpec("b", .float32, shape: [2, 2]))

  private func publish(_ rows: Int, samples: Int, sequence: Int, to producer: RingProducer) throws {
    let claim = try producer.claim().take()
    let tensors = BatchTensor.layOut(spec, rows: rows)
    for tensor in tensors {
      let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: claim.payload[tensor.byteOffset...])
      for index in 0..<tensor.byteCount { unsafe bytes[index] = UInt8(truncatingIfNeeded: index &* 7 &+ rows) }
    }
    try claim.publish(
      tensors: tensors, positions: (0..<samples).map { UInt64($0 * 100 + rows) }, epoch: 1, sequence: sequence)
  }

  @Test func batchesOfAllSizesShareOneRing() throws {
    let ring = try Ring.small(slots: 3, rows: 8, payload: 1024)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    var sequence = 0
    // Round after round, so that each slot sees larger after smaller and smaller after larger.
    for _ in 0..<5 {
      for rows in 1...8 {
        for samples in Set([1, rows / 2, rows]) {
          try publish(rows, samples: samples, sequence: sequence, to: producer)
          try expectBatch(consumer.take(), rows: rows, samples: samples, sequence: sequence)
          sequence += 1
        }
      }
    }
  }

  private func expectBatch(_ held: HeldBatch, rows: Int, samples: Int, sequence: Int) throws {
    let tensors = BatchTensor.layOut(spec, rows: rows)
    #expect(held.batch.count == samples && held.batch.rowCount == rows && held.batch.sequence == sequence)
    #expect(held.batch.tensors == tensors)
    for row in 0..<samples { #expect(try held.batch.position(ofRow: row) == row * 100 + rows) }
    for tensor in tensors {
      let bytes = try held.batch.copiedBytes(tensor.name)
      #expect(bytes == (0..<tensor.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ rows) })
      let shape = try held.batch.shape(of: tensor.name)
      #expect(shape == tensor.shape)
    }
  }

  @Test func aBatchThatExceedsTheSlotNamesBothSizesAndTheOption() throws {
    let ring = try Ring.small(rows: 8, payload: 4096)
    let producer = RingProducer(ring)
    let tensors = [BatchTensor(name: "a", dtype: .uint8, shape: [8, 513], byteOffset: 0)]
    let claim = try producer.claim()
    let error = #expect(throws: HeadraceError.self) { try claim.publish(tensors: tensors) }
    #expect(error?.code == .batchTooLarge)
    #expect(
      error?.message
        == "A slot holds 4,096 bytes, the batch needs 4,104; raise slotByteCount or lower BatchSpec.size.")
    // The slot was given up, and nothing was published.
    #expect(ring.states == [.free, .free] && ring.publishedCount == 0)
  }

  @Test func aBatchThatFillsTheSlotToTheLastByteFits() throws {
    let ring = try Ring.small(rows: 8, payload: 4096)
    var consumer = RingConsumer(ring)
    let tensors = [BatchTensor(name: "a", dtype: .uint8, shape: [8, 512], byteOffset: 0)]
    let claim = try RingProducer(ring).claim()
    claim.fill(with: 77)
    try claim.publish(tensors: tensors)
    let bytes = try consumer.take().batch.copiedBytes("a")
    #expect(bytes.count == 4096 && bytes.last == 77)
  }

  @Test func tooManyRowsNameBothCountsAndTheOption() throws {
    let ring = try Ring.small(rows: 8)
    let claim = try RingProducer(ring).claim()
    let tensors = [BatchTensor(name: "a", dtype: .uint8, shape: [9], byteOffset: 0)]
    let error = #expect(throws: HeadraceError.self) { try claim.publish(tensors: tensors) }
    #expect(error?.code == .batchTooLarge)
    #expect(
      error?.message == "A slot has room for 8 rows, the batch has 9; raise the ring's maximumRows.")
    #expect(ring.states == [.free, .free])
  }

  @Test func aCheckLeavesTheClaimUsable() throws {
    let ring = try Ring.small(rows: 8, payload: 4096)
    var consumer = RingConsumer(ring)
    let claim = try RingProducer(ring).claim().take()
    do throws(HeadraceError) {
      try claim.check(byteCount: 4097, rows: 1)
      Issue.record("4097 bytes fit into 4096")
    } catch {
      #expect(error.code == .batchTooLarge)
    }
    try claim.check(byteCount: 4096, rows: 8)
    try claim.publish(tensors: [HeldClaim.number], positions: [0], epoch: 0, sequence: 0)
    let batch = try consumer.take()
    #expect(batch.batch.rowCount == 1)
  }

  @Test func aWrongNameAndAWrongTypeAreErrorsThatNameWhatThereIs() throws {
    let ring = try Ring.small()
    var consumer = RingConsumer(ring)
    try RingProducer(ring).publish(5)
    let held = try consumer.take()
    let wrongName = held.batch.errorOfReading("image", as: UInt64.self)
    #expect(wrongName?.code == .noSuchTensor)
    #expect(wrongName?.message == "The batch has no tensor \"image\"; it has \"number\".")
    let wrongType = held.batch.errorOfReading("number", as: Float.self)
    #expect(wrongType?.code == .wrongType)
    #expect(wrongType?.message == "Tensor \"number\" holds uint64, not float32; read it as uint64.")
  }
}
