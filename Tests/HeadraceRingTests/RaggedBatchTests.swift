import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

@Suite struct RaggedBatchTests {
  private static let lists: [[Int]] = [[3], [0], [2, 0, 1], [0, 0, 0], [1, 4, 0, 2], [0, 0, 5]]

  /// A ring whose newest batch holds rows of pairs: value `i` of all of them is (i, -i).
  private final class Setup {
    let ring: Ring
    let producer: RingProducer
    var consumer: RingConsumer
    var table: Int { ring.geometry.slotsOffset + RingLayout.slotDescriptorByteCount }
    var payload: Int { ring.payloadRange(0).lowerBound }

    init(_ lengths: [Int]) throws {
      ring = try Ring.small(slots: 2, rows: 8)
      producer = RingProducer(ring)
      consumer = RingConsumer(ring)
      let layout = try RaggedLayout(TensorSpec("pairs", .int16, shape: [2]), lengths: lengths)
      let (offsets, values) = layout.layOut(from: 8 * lengths.count)
      let plain = BatchTensor(name: "n", dtype: .int64, shape: [lengths.count], byteOffset: 0)
      for (row, offset) in layout.offsets.enumerated() { ring.store(payload + offsets.byteOffset + row * 8, offset) }
      for value in 0..<layout.valueCount {
        ring.store(payload + values.byteOffset + value * 4, Int16(value))
        ring.store(payload + values.byteOffset + value * 4 + 2, -Int16(value))
      }
      try producer.claim().take().publish(
        tensors: [plain, offsets, values], positions: lengths.indices.map(UInt64.init), epoch: 0, sequence: 0)
    }

    /// Elements of each row, with offsets that are overwritten once the tensor was checked. Those of the batch stay.
    func counts(_ batch: borrowing Batch, offsets: [Int64]) throws -> [Int] {
      var before: [Int64] = []
      for index in offsets.indices { before.append(ring.load(payload + 256 + index * 8, as: Int64.self)) }
      defer { for (index, offset) in before.enumerated() { ring.store(payload + 256 + index * 8, offset) } }
      let pairs = try batch.ragged("pairs", as: Int16.self)
      for (index, offset) in offsets.enumerated() { ring.store(payload + 256 + index * 8, offset) }
      var counts: [Int] = []
      for row in 0..<pairs.count {
        let elements = pairs[row]
        // Each of them can be read.
        var sum = 0
        for index in elements.indices { sum += Int(elements[index]) }
        counts.append(sum > -100 && sum < 100 ? elements.count : -1)
      }
      return counts
    }
  }

  /// What a batch says of its pairs. (No expectation within: its closure would let the views escape.)
  private struct Read: Equatable {
    var rows: [[Int16]] = []
    var lengths: [Int] = []
    var offsets: [Int64] = []
    var values: [Int16] = []
    var valueShape: [Int] = []

    init(_ batch: borrowing Batch) throws(HeadraceError) {
      let pairs = try batch.ragged("pairs", as: Int16.self)
      valueShape = pairs.valueShape
      for index in pairs.offsets.indices { offsets.append(pairs.offsets[index]) }
      for index in pairs.values.indices { values.append(pairs.values[index]) }
      for row in 0..<pairs.count {
        let elements = pairs[row]
        var list: [Int16] = []
        for index in elements.indices { list.append(elements[index]) }
        rows.append(list)
        lengths.append(pairs.length(ofRow: row))
      }
    }

    init(lengths: [Int]) {
      var next = 0
      for length in lengths {
        offsets.append(Int64(next))
        rows.append((next..<(next + length)).flatMap { [Int16($0), -Int16($0)] })
        next += length
      }
      offsets.append(Int64(next))
      values = rows.flatMap(\.self)
      self.lengths = lengths
      valueShape = [2]
    }
  }

  @Test func eachRowIsReadWhereItLies() throws {
    for lengths in Self.lists {
      let setup = try Setup(lengths)
      let held = try setup.consumer.take()
      #expect(held.batch.rowCount == lengths.count && held.batch.tensors.map(\.role) == [.rows, .offsets, .values])
      #expect(try Read(held.batch) == Read(lengths: lengths))
    }
  }

  @Test func aCopyIsReadAsTheBatchItWasTakenFrom() throws {
    let setup = try Setup([1, 4, 0, 2])
    let copy = try BatchCopy(try setup.consumer.take().batch)
    #expect(try Read(Batch(copy)) == Read(lengths: [1, 4, 0, 2]))
  }

  private func error<Element: TensorElement>(_ batch: borrowing Batch, _ name: String, as _: Element.Type) -> String? {
    do throws(HeadraceError) {
      _ = try batch.ragged(name, as: Element.self).count
      return nil
    } catch {
      return "\(error.code): \(error.message)"
    }
  }

  @Test func whatIsNoRaggedTensorIsNamed() throws {
    let setup = try Setup([1, 2])
    let held = try setup.consumer.take()
    #expect(
      error(held.batch, "none", as: Int16.self)
        == "noSuchTensor: The batch has no ragged tensor \"none\"; those that it has: \"pairs\".")
    #expect(
      error(held.batch, "n", as: Int64.self)
        == "noSuchTensor: The batch has no ragged tensor \"n\"; it has a tensor of that name, for tensor(_:as:); those"
        + " that it has: \"pairs\".")
    #expect(
      error(held.batch, "pairs", as: Float.self)
        == "wrongType: Tensor \"pairs.values\" holds int16, not float32; read it as int16.")
  }

  @Test func offsetsThatDoNotLeadThroughTheValuesAreRefused() throws {
    let offsets: [[Int64]] = [
      [1, 1, 3], [0, 4, 3], [0, -1, 3], [0, 1, 2], [0, 1, 4], [0, 1, .max], [.min, 1, 3], [0, .max, 3],
    ]
    for offsets in offsets {
      let setup = try Setup([1, 2])
      for (index, offset) in offsets.enumerated() { setup.ring.store(setup.payload + 256 + index * 8, offset) }
      let held = try setup.consumer.take()
      #expect(
        error(held.batch, "pairs", as: Int16.self)
          == "incompatibleRing: The offsets of tensor \"pairs\" do not lead from 0 to its 3 values; the memory was"
          + " overwritten."
      )
    }
  }

  @Test func rowsStayWithinTheValuesWhateverIsWrittenIntoTheOffsetsLater() throws {
    var random = SplitMix64(seed: 31)
    let setup = try Setup([1, 4, 0, 2])
    let held = try setup.consumer.take()
    for _ in 0..<1000 {
      let offsets = (0..<5).map { _ in
        let near = Int64.random(in: -3...9, using: &random)
        return [Int64.min, .max, near, near].randomElement(using: &random) ?? 0
      }
      let counts = try setup.counts(held.batch, offsets: offsets)
      #expect(counts.allSatisfy { $0 % 2 == 0 && $0 <= 14 }, "\(offsets)")
    }
  }

  @Test func rolesThatDoNotBelongTogetherAreRefused() throws {
    // The plain tensor, the offsets and the values, in this order.
    let changes: [(String, [UInt16])] = [
      ("unknown", [3, 1, 2]), ("far from known", [.max, 1, 2]), ("offsets without values", [0, 1, 0]),
      ("values without offsets", [0, 0, 2]), ("offsets twice", [1, 1, 2]), ("values first", [2, 1, 2]),
      ("offsets last", [0, 0, 1]), ("rows of another count", [0, 0, 0]),
    ]
    for (what, roles) in changes {
      let setup = try Setup([1, 2])
      for (index, role) in roles.enumerated() { setup.ring.store(setup.table + index * 128 + 52, role) }
      let error = setup.consumer.takeError()
      #expect(error?.code == .incompatibleRing, "\(what)")
      #expect(setup.ring.leasedSlotCount() == 0, "\(what)")
    }
    // Of another type, of another rank, of another number of rows.
    for (offset, value) in [(48, UInt16(7)), (50, 2), (72, 4), (72, 0)] {
      let setup = try Setup([1, 2])
      setup.ring.store(setup.table + 128 + offset, value)
      #expect(setup.consumer.takeError()?.code == .incompatibleRing, "\(value) at \(offset)")
    }
  }

  @Test func aSlotThatHeldARaggedTensorHoldsAPlainOneNext() throws {
    let setup = try Setup([1, 2])
    do { _ = try setup.consumer.take() }
    for _ in 0..<4 {
      try setup.producer.publish(5)
      let held = try setup.consumer.take()
      #expect(held.batch.tensors.map(\.role) == [.rows])
    }
  }
}
