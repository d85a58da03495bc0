import HeadraceCore
import Testing

@testable import HeadraceRing

/// A copy is the batch in private memory, and stays what it was.
@Suite struct BatchCopyTests {
  private static let spec = BatchSpec(
    size: 5, TensorSpec("image", .uint8, shape: [7, 3]), TensorSpec("label", .int64),
    TensorSpec("weight", .float32, shape: [2]))

  /// A batch of 5 rows and 4 samples, with a pattern in it.
  private func makeBatch(_ ring: Ring) throws -> HeldBatch {
    var consumer = RingConsumer(ring)
    let claim = try RingProducer(ring).claim().take()
    let tensors = BatchTensor.layOut(Self.spec, rows: 5)
    for index in 0..<BatchTensor.payloadByteCount(tensors) {
      unsafe claim.payload[index] = UInt8(truncatingIfNeeded: index &* 31)
    }
    try claim.publish(tensors: tensors, positions: [9, 2, 4, 7], epoch: 3, sequence: 11)
    return try consumer.take()
  }

  private func expectEqual(_ first: borrowing Batch, _ second: borrowing Batch) throws {
    #expect(first.epoch == second.epoch && first.sequence == second.sequence)
    #expect(first.count == second.count && first.rowCount == second.rowCount)
    #expect(first.tensors == second.tensors)
    for row in 0..<first.count { #expect(try first.position(ofRow: row) == second.position(ofRow: row)) }
    for tensor in first.tensors {
      let ours = try first.copiedBytes(tensor.name)
      let theirs = try second.copiedBytes(tensor.name)
      #expect(ours == theirs && ours.count == tensor.byteCount)
    }
  }

  @Test func aCopyEqualsItsBatchAndOutlivesTheRing() throws {
    let first = Batch(try copyOfDroppedBatch())
    let ring = try Ring.small(rows: 5)
    let original = try makeBatch(ring)
    try expectEqual(first, original.batch)
  }

  private func copyOfDroppedBatch() throws -> BatchCopy {
    try BatchCopy(makeBatch(Ring.small(rows: 5)).batch)
  }

  @Test func aCopyDoesNotChangeWithTheSlot() throws {
    let ring = try Ring.small(rows: 5)
    var copy: BatchCopy?
    do {
      let held = try makeBatch(ring)
      copy = try BatchCopy(held.batch)
    }
    for claim in RingProducer(ring).claimAll() { claim.fill(with: 0) }
    let batch = Batch(try #require(copy))
    let image = try batch.copiedBytes("image")
    #expect(image == (0..<105).map { UInt8(truncatingIfNeeded: $0 &* 31) })
  }

  @Test func oneCopyCanBecomeManyBatches() throws {
    let copy = try copyOfDroppedBatch()
    let first = Batch(copy)
    let second = Batch(copy)
    try expectEqual(first, second)
    try expectEqual(first, Batch(try BatchCopy(second)))
  }

  @Test func spansOfACopyAreAlignedAsInASlot() throws {
    let batch = Batch(try copyOfDroppedBatch())
    for tensor in batch.tensors {
      let address = try unsafe batch.bytes(tensor.name).withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
      #expect(address % BatchTensor.alignment == 0)
    }
  }

  @Test func positionsAreThoseOfTheRows() throws {
    let held = try makeBatch(Ring.small(rows: 5))
    let copy = Batch(try BatchCopy(held.batch))
    #expect(try (0..<4).map { try held.batch.position(ofRow: $0) } == [9, 2, 4, 7])
    #expect(try (0..<4).map { try copy.position(ofRow: $0) } == [9, 2, 4, 7])
  }

  @Test func aRowOfPaddingHasNoPosition() async {
    await #expect(processExitsWith: .failure) {
      let ring = try Ring.small(rows: 5)
      try RingProducer(ring).publish(1)
      var consumer = RingConsumer(ring)
      let held = try consumer.take()
      _ = try held.batch.position(ofRow: 1)
    }
  }
}
