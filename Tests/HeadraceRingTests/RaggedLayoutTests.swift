import HeadraceCore
import Testing

@Suite struct RaggedLayoutTests {
  /// All lists of up to four lengths from 0 to 3.
  private static let lists: [[Int]] = (0..<4).reduce(into: [[]]) { lists, _ in
    lists += lists.filter { $0.count == lists[lists.count - 1].count }.flatMap { list in (0...3).map { list + [$0] } }
  }

  @Test func rowsFollowOnOneAnotherAndCoverAllValues() throws {
    #expect(Self.lists.count == 1 + 4 + 16 + 64 + 256)
    for lengths in Self.lists {
      let tensor = try RaggedLayout(TensorSpec("tokens", .int32), lengths: lengths)
      #expect(tensor.rowCount == lengths.count)
      #expect(tensor.offsets.count == lengths.count + 1)
      #expect(tensor.valueCount == lengths.reduce(0, +))
      #expect(tensor.longestLength == lengths.max() ?? 0)
      var next = 0
      for (row, length) in lengths.enumerated() {
        #expect(tensor.range(ofRow: row) == next..<(next + length))
        next += length
      }
    }
  }

  @Test(arguments: [[], [2], [3, 5]])
  func bothTensorsAreAlignedAndDoNotOverlap(_ shape: [Int]) throws {
    for lengths in Self.lists {
      for start in [0, 1, 256, 1000] {
        let tensor = try RaggedLayout(TensorSpec("tokens", .int16, shape: shape), lengths: lengths)
        let (offsets, values) = tensor.layOut(from: start)
        #expect(offsets.byteOffset >= start && offsets.byteOffset % BatchTensor.alignment == 0)
        #expect(values.byteOffset >= offsets.byteOffset + offsets.byteCount)
        #expect(values.byteOffset % BatchTensor.alignment == 0)
        #expect(offsets.shape == [lengths.count + 1] && offsets.dtype == .int64)
        #expect(values.shape == [lengths.reduce(0, +)] + shape && values.dtype == .int16)
        #expect([offsets.name, values.name] == ["tokens.offsets", "tokens.values"])
      }
    }
  }

  private func message(_ lengths: [Int]) -> String? {
    do {
      _ = try RaggedLayout(TensorSpec("tokens", .int32, shape: [4]), lengths: lengths)
      return nil
    } catch {
      return "\(error.code): \(error)"
    }
  }

  @Test func aLengthBelowZeroIsNamed() {
    #expect(
      message([3, -1])
        == "invalidArgument: Row 1 of tensor tokens int32[4] has a length of -1; it must be 0 or more.")
  }

  @Test func moreThanTheAddressSpaceIsRefused() {
    // 16 bytes a value.
    #expect(message([1 << 42]) == nil)
    #expect(
      message([1, 1 << 42])
        == "invalidArgument: With row 1, of length 4398046511104, tensor tokens int32[4] exceeds the address space;"
        + " lower the rows of a batch.")
    #expect(message([1 << 41, .max]) != nil)
  }
}
