import HeadraceCore
import HeadracePipeline
import Testing

/// Samples whose lengths follow from their numbers, and what batches of them have to hold.
enum VaryingSamples {
  static let tokens = TensorSpec("tokens", .uint16, shape: [6]).padded(with: 7)
  static let mel = TensorSpec("mel", .uint32, shape: [4, 2]).ragged()
  static let path = TensorSpec("path", .uint8, shape: [5]).padded(to: .maximum, with: 9)
  static let grid = TensorSpec("grid", .uint8, shape: [3, 4]).padded(
    to: .multiple(of: 2), dimensions: [0, 1], validity: .mask)
  static let varying = [tokens, mel, path, grid]

  static func spec(_ size: Int) -> BatchSpec {
    BatchSpec(size: size, tensors: [TensorSpec("x", .int64)] + varying)
  }

  /// The shape of a sample's row.
  static func shape(_ spec: TensorSpec, _ number: Int) -> [Int] {
    spec.shape.enumerated().map { dimension, limit in
      guard spec.varyingDimensions.contains(dimension) else { return limit }
      return (number &* 2_654_435_761 >> (7 + 3 * dimension) + spec.name.utf8.count &* number) % (limit + 1)
    }
  }

  static func write(_ number: Int, to row: inout Row) throws {
    try row.write(Int64(number), to: "x")
    for spec in varying {
      let shape = shape(spec, number)
      let bytes = VaryingModel.bytes(number, shape: shape, dtype: spec.dtype)
      switch spec.dtype {
      case .uint16:
        // The length follows from the elements.
        try row.write(
          contentsOf: (0..<(bytes.count / 2)).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 },
          to: spec.name)
      case .uint32:
        var tensor = try row.tensor(spec.name, shape: shape)
        var elements = try tensor.elements(as: UInt32.self)
        for index in elements.indices {
          elements[index] = (0..<4).reduce(0) { $0 | UInt32(bytes[4 * index + $1]) << UInt32(8 * $1) }
        }
      default: try row.write(contentsOf: bytes, to: spec.name, shape: shape)
      }
    }
  }

  static func expect(_ batch: MemorySink.Delivered, holds samples: [Int], rows: Int, _ comment: Comment? = nil) {
    #expect(batch.positions == samples.map(UInt64.init), comment)
    expectTensors(batch, hold: samples, rows: rows, comment)
  }

  static func expectTensors(
    _ batch: MemorySink.Delivered, hold samples: [Int], rows: Int, _ comment: Comment? = nil
  ) {
    #expect(
      batch.tensors.map(\.name) == [
        "x", "tokens", "tokens.lengths", "mel.offsets", "mel.values", "path", "path.lengths", "grid", "grid.mask",
      ])
    #expect(
      batch.elements("x", as: Int64.self) == (0..<rows).map { $0 < samples.count ? Int64(samples[$0]) : 0 }, comment)
    func model(_ spec: TensorSpec) -> VaryingModel {
      VaryingModel(spec: spec, rows: samples.map { shape(spec, $0) }, rowCount: rows, samples: samples)
    }
    #expect(batch.bytes("tokens") == model(tokens).padded(padding: [7, 0]), comment)
    #expect(batch.elements("tokens.lengths", as: Int32.self) == model(tokens).lengths([0]), comment)
    #expect(batch.elements("mel.offsets", as: Int64.self) == model(mel).offsets, comment)
    #expect(batch.bytes("mel.values") == model(mel).values, comment)
    #expect(batch.bytes("path") == model(path).padded(padding: [9]), comment)
    #expect(batch.elements("path.lengths", as: Int32.self) == model(path).lengths([0]), comment)
    #expect(batch.bytes("grid") == model(grid).padded(padding: [0]), comment)
    #expect(batch.bytes("grid.mask") == model(grid).mask([0, 1]), comment)
  }
}
