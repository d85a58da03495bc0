import HeadraceCore
import Testing

@testable import HeadraceRing

/// What a producer says of its tensors is what the consumer reads.
@Suite struct DescriptorTests {
  private func roundTrip(_ tensors: [BatchTensor], rows: Int) throws -> [BatchTensor] {
    let ring = try Ring.small(rows: rows, payload: BatchTensor.payloadByteCount(tensors))
    var consumer = RingConsumer(ring)
    let producer = RingProducer(ring)
    // Twice: the second batch finds the first one's table again.
    try producer.claim().publish(tensors: tensors)
    try producer.claim().publish(tensors: tensors)
    let first = try consumer.take()
    let second = try consumer.take()
    #expect(first.batch.tensors == second.batch.tensors)
    return first.batch.tensors
  }

  @Test(arguments: DType.allCases) func everyDTypeOfEveryRankComesThrough(dtype: DType) throws {
    for rank in 0...BatchSpec.maximumRank {
      let spec = BatchSpec(size: 3, TensorSpec("x", dtype, shape: (0..<rank).map { 1 + $0 % 3 }))
      let tensors = BatchTensor.layOut(spec, rows: 3)
      #expect(try roundTrip(tensors, rows: 3) == tensors)
    }
  }

  @Test func sixteenTensorsComeThrough() throws {
    let specs = (0..<16).map {
      TensorSpec("tensor \($0)", DType.allCases[$0 % DType.allCases.count], shape: [$0 + 1, 2])
    }
    let tensors = BatchTensor.layOut(BatchSpec(size: 5, tensors: specs), rows: 5)
    #expect(try roundTrip(tensors, rows: 5) == tensors)
  }

  @Test(arguments: [
    "x", "a b", "\u{1F6B0}", String(repeating: "n", count: 47), String(repeating: "é", count: 23) + "e",
    String(repeating: "水", count: 15) + "ab", String(repeating: "\u{1F30A}", count: 11) + "end", "e\u{301}",
  ]) func namesOfUpTo47BytesComeThrough(name: String) throws {
    try BatchSpec(size: 1, TensorSpec(name, .uint8)).validate()
    let tensors = [BatchTensor(name: name, dtype: .uint8, shape: [1], byteOffset: 0)]
    let received = try roundTrip(tensors, rows: 1)
    #expect(received.map { Array($0.name.utf8) } == [Array(name.utf8)])
  }

  @Test func aLongNameIsCutBetweenCharactersAndNotWithinOne() throws {
    // Plans refuse such names; whatever gets past them must still be UTF-8, which other languages insist on.
    let name = String(repeating: "n", count: 46) + "水"
    let received = try roundTrip([BatchTensor(name: name, dtype: .uint8, shape: [1], byteOffset: 0)], rows: 1)
    #expect(received.map(\.name) == [String(repeating: "n", count: 46)])
  }

  @Test func aChangedTableIsReadAnew() throws {
    let ring = try Ring.small(rows: 8)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    for rows in [8, 8, 3, 8, 1, 1] {
      let tensors = [BatchTensor(name: "x", dtype: .int16, shape: [rows, 2], byteOffset: 256)]
      try producer.claim().publish(tensors: tensors)
      #expect(try consumer.take().batch.tensors == tensors)
    }
  }

  @Test func positionsOfAllSizesComeThrough() throws {
    let ring = try Ring.small(rows: 4)
    var consumer = RingConsumer(ring)
    let positions: [UInt64] = [0, 1, UInt64(UInt32.max) + 1, UInt64(Int64.max)]
    let tensors = [BatchTensor(name: "x", dtype: .uint8, shape: [4], byteOffset: 0)]
    try RingProducer(ring).claim().take().publish(
      tensors: tensors, positions: positions, epoch: 1 << 40, sequence: 1 << 41)
    let held = try consumer.take()
    #expect(try (0..<4).map { UInt64(try held.batch.position(ofRow: $0)) } == positions)
    #expect(held.batch.epoch == 1 << 40 && held.batch.sequence == 1 << 41)
  }

  @Test func unicodeStaysWholeAtEveryLengthItIsCutTo() {
    let text = "aé水\u{1F30A}e\u{301}"
    for count in 0...(text.utf8.count + 1) {
      let head = text.utf8.wholePrefix(count)
      let tail = text.utf8.wholeSuffix(count)
      #expect(head.count <= count && tail.count <= count)
      // At most the three bytes of a cut scalar are lost.
      #expect(head.count > min(count, text.utf8.count) - 4 && tail.count > min(count, text.utf8.count) - 4)
      #expect(text.utf8.starts(with: head) && text.utf8.reversed().starts(with: tail.reversed()))
      #expect(String(validating: head, as: UTF8.self) != nil && String(validating: tail, as: UTF8.self) != nil)
    }
  }

  @Test func aBatchOfMoreTensorsThanTheTableHoldsTraps() async {
    await #expect(processExitsWith: .failure) {
      let tensors = (0..<17).map { BatchTensor(name: "t\($0)", dtype: .uint8, shape: [1], byteOffset: $0 * 256) }
      try RingProducer(Ring.small(payload: 8192)).claim().publish(tensors: tensors)
    }
  }

  @Test func aTensorOfMoreDimensionsThanItsEntryHoldsTraps() async {
    await #expect(processExitsWith: .failure) {
      let tensors = [BatchTensor(name: "t", dtype: .uint8, shape: Array(repeating: 1, count: 8), byteOffset: 0)]
      try RingProducer(Ring.small()).claim().publish(tensors: tensors)
    }
  }

  @Test func tensorsOfDifferentRowsTrap() async {
    await #expect(processExitsWith: .failure) {
      let tensors = [
        BatchTensor(name: "a", dtype: .uint8, shape: [2], byteOffset: 0),
        BatchTensor(name: "b", dtype: .uint8, shape: [3], byteOffset: 256),
      ]
      try RingProducer(Ring.small()).claim().publish(tensors: tensors)
    }
  }
}
