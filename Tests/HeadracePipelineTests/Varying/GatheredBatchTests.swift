import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

@Suite struct GatheredBatchTests {
  private static let shapes = [[5], [4, 3], [3, 2, 4]]

  /// Rows of some shapes: none has an element, all are full, one is, and some at random.
  private static func rowLists(_ spec: TensorSpec, _ count: Int, _ random: inout SplitMix64) -> [[[Int]]] {
    let varying = spec.varyingDimensions
    func row(_ extent: (Int) -> Int) -> [Int] {
      spec.shape.indices.map { varying.contains($0) ? extent(spec.shape[$0]) : spec.shape[$0] }
    }
    var lists = [
      Array(repeating: row { _ in 0 }, count: count), Array(repeating: row { $0 }, count: count),
      (0..<count).map { index in row { index == count / 2 ? $0 : 0 } },
    ]
    for _ in 0..<3 { lists.append((0..<count).map { _ in row { Int.random(in: 0...$0, using: &random) } }) }
    return lists
  }

  /// A batch in memory that is full of what an earlier one has left.
  private struct Written {
    let tensors: [BatchTensor]
    let bytes: [UInt8]
    let copied: Int

    init(_ specs: [TensorSpec], size: Int, rows: [[[Int]]], rowCount: Int) throws {
      let spec = BatchSpec(size: size, tensors: specs)
      try spec.validate()
      let layout = BatchLayout(spec)
      let gathered = rows.enumerated().map { number, shapes in
        let row = GatheredRow(RowLocation(batch: 0, row: number), tensors: specs.count)
        for (index, (shape, spec)) in zip(shapes, specs).enumerated() {
          let bytes = VaryingModel.bytes(number, shape: shape, dtype: spec.dtype)
          unsafe row.begin(index, shape: shape, byteCount: bytes.count).copyBytes(from: bytes)
        }
        return row
      }
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: layout.byteCount, alignment: 256)
      defer { unsafe memory.deallocate() }
      unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
      let batch = GatheredBatch(layout, rows: gathered, rowCount: rowCount)
      let (listed, copied) = try unsafe batch.write(to: memory)
      tensors = layout.list(rows: rowCount) { listed[$0] }
      bytes = unsafe [UInt8](memory)
      self.copied = copied
    }

    func bytes(_ index: Int) -> [UInt8] {
      Array(bytes[tensors[index].byteOffset..<(tensors[index].byteOffset + tensors[index].byteCount)])
    }

    /// Whether each byte belongs to one tensor at most, and those of none are as they were.
    var keepsToItsPlaces: Bool {
      var owners = Array(repeating: 0, count: bytes.count)
      for tensor in tensors {
        guard tensor.byteOffset % 256 == 0, tensor.byteOffset + tensor.byteCount <= bytes.count else { return false }
        for place in tensor.byteOffset..<(tensor.byteOffset + tensor.byteCount) { owners[place] += 1 }
      }
      return zip(owners, bytes).allSatisfy { $0 == 1 || ($0 == 0 && $1 == 0xA5) }
    }
  }

  private static func integers<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
    values.flatMap { value in (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) } }
  }

  /// All dimensions of a shape that may differ, but for none.
  private static func subsets(_ rank: Int) -> [[Int]] {
    (1..<(1 << rank)).map { bits in (0..<rank).filter { bits & 1 << $0 != 0 } }
  }

  @Test(arguments: DType.allCases)
  func aPaddedTensorHoldsEachElementInItsPlaceAndPaddingInAllOthers(dtype: DType) throws {
    var random = SplitMix64(seed: 11)
    let padding = TensorSpec("x", dtype, shape: [1]).padded(with: 1).paddingElement ?? []
    for shape in Self.shapes {
      for dimensions in Self.subsets(shape.count) {
        for extent in [Padding.Extent.longest, .multiple(of: 3), .maximum] {
          for validity in [Padding.Validity.lengths, .mask] {
            let spec = TensorSpec("x", dtype, shape: shape)
              .padded(to: extent, with: 1, dimensions: dimensions, validity: validity)
            // Rows with a place are not gathered.
            if spec.hasPlacedRows { continue }
            for rows in Self.rowLists(spec, 3, &random) {
              for rowCount in [3, 5] {
                let batch = try Written([spec], size: 5, rows: rows.map { [$0] }, rowCount: rowCount)
                let model = VaryingModel(spec: spec, rows: rows, rowCount: rowCount)
                try #require(batch.tensors.map(\.name) == ["x", validity == .mask ? "x.mask" : "x.lengths"])
                try #require(batch.tensors[0].shape == [rowCount] + model.paddedShape)
                #expect(batch.bytes(0) == model.padded(padding: padding), "\(spec) \(rows)")
                if validity == .mask {
                  #expect(batch.tensors[1].dtype == .bool)
                  #expect(batch.tensors[1].shape == [rowCount] + dimensions.map { model.paddedShape[$0] })
                  #expect(batch.bytes(1) == model.mask(dimensions))
                } else {
                  #expect(batch.tensors[1].dtype == .int32)
                  #expect(
                    batch.tensors[1].shape == (dimensions.count == 1 ? [rowCount] : [rowCount, dimensions.count]))
                  #expect(batch.bytes(1) == Self.integers(model.lengths(dimensions)))
                }
                #expect(batch.copied == rows.reduce(0) { $0 + $1.reduce(dtype.byteCount, *) })
                #expect(batch.keepsToItsPlaces, "\(spec) \(rows)")
              }
            }
          }
        }
      }
    }
  }

  @Test(arguments: DType.allCases) func aRaggedTensorHoldsNothingButItsRows(dtype: DType) throws {
    var random = SplitMix64(seed: 12)
    for shape in Self.shapes {
      let spec = TensorSpec("x", dtype, shape: shape).ragged()
      for count in [1, 4] {
        for rows in Self.rowLists(spec, count, &random) {
          for rowCount in [count, 6] {
            let batch = try Written([spec], size: 6, rows: rows.map { [$0] }, rowCount: rowCount)
            let model = VaryingModel(spec: spec, rows: rows, rowCount: rowCount)
            try #require(batch.tensors.map(\.name) == ["x.offsets", "x.values"])
            #expect(batch.tensors.map(\.role) == [.offsets, .values])
            #expect(batch.tensors[0].shape == [rowCount + 1])
            #expect(batch.tensors[1].shape == [rows.reduce(0) { $0 + $1[0] }] + shape.dropFirst())
            #expect(batch.bytes(0) == Self.integers(model.offsets))
            #expect(batch.bytes(1) == model.values)
            #expect(batch.copied == batch.tensors[1].byteCount)
            #expect(batch.keepsToItsPlaces, "\(spec) \(rows)")
          }
        }
      }
    }
  }

  @Test func severalTensorsFollowOnOneAnotherWithoutGaps() throws {
    var random = SplitMix64(seed: 13)
    let specs = [
      TensorSpec("a", .int16, shape: [7]).ragged(), TensorSpec("b", .float32, shape: [9, 2]).padded(),
      TensorSpec("c", .uint8, shape: [300]).padded(validity: .mask), TensorSpec("d", .int64, shape: [2, 3]).ragged(),
    ]
    for _ in 0..<50 {
      let rows = (0..<4).map { _ in
        specs.map { [Int.random(in: 0...$0.shape[0], using: &random)] + $0.shape.dropFirst() }
      }
      let batch = try Written(specs, size: 4, rows: rows, rowCount: 4)
      #expect(
        batch.tensors.map(\.name) == [
          "a.offsets", "a.values", "b", "b.lengths", "c", "c.mask", "d.offsets", "d.values",
        ])
      #expect(batch.keepsToItsPlaces)
      for (index, spec) in specs.enumerated() {
        let model = VaryingModel(spec: spec, rows: rows.map { $0[index] }, rowCount: 4)
        let padding = Array(repeating: UInt8(0), count: spec.dtype.byteCount)
        if spec.layout == .ragged {
          #expect(batch.bytes(index * 2 + 1) == model.values)
        } else {
          #expect(batch.bytes(index * 2) == model.padded(padding: padding))
        }
      }
    }
  }

  private func message(_ spec: TensorSpec, _ rows: [[Int]]) -> String? {
    do {
      _ = try Written([spec], size: 4, rows: rows.map { [$0] }, rowCount: rows.count)
      return nil
    } catch {
      return (error as? HeadraceError).map { "\($0.code): \($0)" }
    }
  }

  @Test func aBatchBeyondItsMaximumNamesBothSizesAndTheRemedy() {
    let padded = TensorSpec("x", .int32, shape: [10]).padded(maximumByteCount: 80)
    #expect(message(padded, [[5], [1], [2], [5]]) == nil)
    #expect(
      message(padded, [[5], [1], [2], [6]])
        == "batchTooLarge: 4 rows padded to [6] of tensor x int32[0...10] need 96 bytes, and its maximumByteCount is"
        + " 80; raise it, lower BatchSpec.size, or make batches of samples of about the same length.")
    let ragged = TensorSpec("x", .int32, shape: [10]).ragged(maximumByteCount: 80)
    #expect(message(ragged, [[10], [0], [1], [9]]) == nil)
    #expect(
      message(ragged, [[10], [0], [2], [9]])
        == "batchTooLarge: 4 rows of tensor x int32[0...10] need 84 bytes, and its maximumByteCount is 80;"
        + " raise it, lower BatchSpec.size, or make batches of samples of about the same length.")
  }
}
