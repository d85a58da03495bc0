import Headrace

/// Batches of decoded PNG files that lie in memory: as much work as there are processors for, and no disk.
struct NeighbourPipeline: PipelineFactory {
  static let side = 128
  /// Rows of a batch.
  var batchSize: Int

  func makePipeline() throws -> BatchPipeline {
    let side = Self.side
    let files = try (0..<64).map { number in
      try PNG.encode(
        Image(width: side, height: side, channels: .rgb, pixels: NoisyPixels.make(number, side: side, channelCount: 3)))
    }
    let spec = BatchSpec(size: batchSize, TensorSpec("image", .uint8, shape: [side, side, 3]))
    return Pipeline(from: 0..<(1 << 40)).batch("decode", spec, concurrency: 16) { number, row in
      try PNG.decode(files[number % files.count], into: try row.tensor("image"))
    }
  }
}
