import HeadraceCore
import Testing

@Suite struct BatchLayoutTests {
  private static let x = TensorSpec("x", .int32, shape: [10, 3])

  private func mistake(_ specs: TensorSpec..., size: Int = 4) -> String? {
    do throws(HeadraceError) {
      try BatchSpec(size: size, tensors: specs).validate()
      return nil
    } catch {
      return "\(error.code): \(error.message)"
    }
  }

  @Test func tensorsOfOneShapeLieWhereTheyAlwaysDid() {
    let spec = BatchSpec(
      size: 7, TensorSpec("a", .uint8, shape: [5]), TensorSpec("b", .float64), TensorSpec("c", .int16, shape: [2, 300]))
    let layout = BatchLayout(spec)
    let expected = BatchTensor.layOut(spec, rows: 7)
    #expect(layout.placedTensors == expected && layout.largestTensors == expected)
    #expect(layout.byteCount == BatchTensor.payloadByteCount(expected))
    #expect(layout.gathered.isEmpty)
    for rows in 1...7 {
      let partial = layout.list(rows: rows) { _ in [] }
      #expect(partial.map(\.byteOffset) == expected.map(\.byteOffset))
      #expect(partial.map(\.shape) == [[rows, 5], [rows], [rows, 2, 300]])
    }
  }

  @Test func aSlotHasRoomForTheLargestRowsOfAFullBatch() {
    let specs = [
      Self.x.padded(), Self.x.padded(to: .multiple(of: 8)), Self.x.padded(to: .maximum), Self.x.padded(validity: .mask),
      Self.x.padded(to: .maximum, validity: .mask), Self.x.padded(dimensions: [0, 1]),
      Self.x.padded(to: .maximum, dimensions: [1], validity: .mask), Self.x.ragged(),
    ]
    for first in specs {
      for second in specs {
        var other = second
        other.name = "y"
        let layout = BatchLayout(BatchSpec(size: 4, first, TensorSpec("n", .uint8), other))
        let tensors = layout.largestTensors.sorted { $0.byteOffset < $1.byteOffset }
        #expect(layout.byteCount == BatchTensor.payloadByteCount(tensors))
        #expect(zip(tensors, tensors.dropFirst()).allSatisfy { $0.byteOffset + $0.byteCount <= $1.byteOffset })
        #expect(tensors.allSatisfy { $0.byteOffset % 256 == 0 })
        #expect(tensors.count == 5)
      }
    }
  }

  @Test func aSlotHasRoomForNoMoreThanTheMaximum() {
    let full = BatchLayout(BatchSpec(size: 100, Self.x.ragged())).byteCount
    // The offsets come first, 101 of 8 bytes.
    #expect(full == 1024 + 100 * 120)
    #expect(BatchLayout(BatchSpec(size: 100, Self.x.ragged(maximumByteCount: 500))).byteCount == 1024 + 500)
    #expect(BatchLayout(BatchSpec(size: 100, Self.x.ragged(maximumByteCount: 1 << 30))).byteCount == full)
    // A mask of a byte for each 3 elements of 4 bytes.
    let masked = Self.x.padded(validity: .mask, maximumByteCount: 600)
    #expect(BatchLayout(BatchSpec(size: 100, masked)).byteCount == 768 + 50)
  }

  @Test func aTensorWhoseRowsDifferSaysSo() {
    #expect("\(Self.x)" == "x int32[10, 3]")
    #expect("\(Self.x.ragged())" == "x int32[0...10, 3]")
    #expect("\(Self.x.padded(dimensions: [0, 1]))" == "x int32[0...10, 0...3]")
  }

  @Test func layoutsThatCannotWorkAreRefused() {
    #expect(mistake(Self.x.ragged()) == nil && mistake(Self.x.padded(dimensions: [0, 1])) == nil)
    for dimensions in [[], [2], [-1], [1, 0], [0, 0]] {
      #expect(
        mistake(Self.x.padded(dimensions: dimensions))
          == "invalidPipeline: The rows of tensor x int32[10, 3] cannot differ in dimensions \(dimensions); name some"
          + " of its 2, ascending.")
    }
    #expect(mistake(TensorSpec("x", .int8).ragged())?.contains("cannot differ in dimensions [0]") == true)
    for unit in [0, -8, 1 << 20 + 1] {
      #expect(
        mistake(Self.x.padded(to: .multiple(of: unit)))
          == "invalidPipeline: Tensor x int32[0...10, 3] cannot be padded to multiples of \(unit); 1 to 1048576 are"
          + " possible."
      )
    }
    #expect(
      mistake(Self.x.padded(with: 0.5))
        == "invalidPipeline: Tensor x int32[0...10, 3] cannot be padded with 0.5, which int32 cannot hold.")
    var fixed = Self.x
    fixed.maximumByteCount = 100
    #expect(
      mistake(fixed)
        == "invalidPipeline: Tensor x int32[10, 3] has a maximumByteCount, which only padded and ragged ones have;"
        + " leave it out."
    )
  }

  @Test func aMaximumWithoutRoomForOneRowIsRefused() {
    #expect(mistake(Self.x.ragged(maximumByteCount: 120)) == nil)
    #expect(
      mistake(Self.x.ragged(maximumByteCount: 119))
        == "invalidPipeline: Tensor x int32[0...10, 3] has a maximumByteCount of 119; it must have room for one full"
        + " row, 120."
    )
    // Rounded up to 16 values.
    #expect(
      mistake(Self.x.padded(to: .multiple(of: 16), maximumByteCount: 191))?.hasSuffix("one full row, 192.") == true)
    #expect(
      mistake(Self.x.padded(to: .maximum, maximumByteCount: 479))?.hasSuffix("room for 4 full rows, 480.") == true)
  }

  @Test func namesAndNumbersOfTheSecondTensorsCount() {
    #expect(
      mistake(Self.x.padded(), TensorSpec("x.lengths", .int32))
        == "invalidPipeline: Two tensors of a batch would be named \"x.lengths\"; rename one.")
    #expect(mistake(Self.x.padded(validity: .mask), TensorSpec("x.lengths", .int32)) == nil)
    let long = TensorSpec(String(repeating: "n", count: 40), .int8, shape: [1])
    #expect(mistake(long) == nil && mistake(long.padded(validity: .mask)) == nil)
    #expect(mistake(long.ragged())?.contains("\(long.name).offsets\" has more than 47 bytes") == true)
    let nine = (0..<9).map { TensorSpec("t\($0)", .int8, shape: [1]).ragged() }
    #expect(throws: HeadraceError.self) { try BatchSpec(size: 1, tensors: nine).validate() }
    #expect(throws: Never.self) { try BatchSpec(size: 1, tensors: Array(nine.dropLast())).validate() }
  }

  @Test(arguments: DType.allCases) func paddingIsWhatTheTypeCanHold(dtype: DType) {
    func bytes(_ value: Double) -> [UInt8]? { TensorSpec("x", dtype, shape: [1]).padded(with: value).paddingElement }
    #expect(bytes(0) == Array(repeating: 0, count: dtype.byteCount))
    #expect(bytes(1)?.count == dtype.byteCount)
    let isFraction = [DType.float16, .bfloat16, .float32, .float64].contains(dtype)
    #expect((bytes(0.5) != nil) == isFraction)
    #expect((bytes(.nan) != nil) == isFraction && (bytes(-.infinity) != nil) == isFraction)
    #expect((bytes(-1) != nil) == (isFraction || [DType.int8, .int16, .int32, .int64].contains(dtype)))
    #expect((bytes(255) != nil) == ![DType.int8, .bool].contains(dtype))
    #expect((bytes(1e300) != nil) == (dtype == .float64))
  }

  @Test func paddingLiesLittleEndian() {
    func bytes(_ dtype: DType, _ value: Double) -> [UInt8]? {
      TensorSpec("x", dtype, shape: [1]).padded(with: value).paddingElement
    }
    #expect(bytes(.int32, -100) == [0x9C, 0xFF, 0xFF, 0xFF])
    #expect(bytes(.uint16, 258) == [2, 1])
    #expect(bytes(.float32, -2) == [0, 0, 0, 0xC0])
    #expect(bytes(.bfloat16, -2) == [0, 0xC0])
    #expect(bytes(.float16, -2) == [0, 0xC0])
    #expect(bytes(.float64, 1) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(bytes(.bool, 1) == [1])
  }
}
