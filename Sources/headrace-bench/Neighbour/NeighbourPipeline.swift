import Headrace
import HeadraceSystem

/// Batches of decoded PNG files that lie in memory: as much work as there are processors for, and no disk.
struct NeighbourPipeline: PipelineFactory {
  static let side = 128
  /// Rows of a batch.
  var batchSize: Int

  func makePipeline() throws -> BatchPipeline {
    let side = Self.side
    let files = try Self.makeFiles()
    let spec = BatchSpec(
      size: batchSize, TensorSpec("image", .uint8, shape: [side, side, 3]), TensorSpec("written", .int64))
    return Pipeline(from: 0..<(1 << 40)).batch("decode", spec, concurrency: 16) { number, row in
      try PNG.decode(files[number % files.count], into: try row.tensor("image"))
      try row.write(Int64(MonotonicClock.now), to: "written")
    }
  }

  /// Writes the same files into a folder, for a loader that is another program.
  static func writeFiles(_ folder: String) throws {
    for (number, bytes) in try makeFiles().enumerated() {
      try File(creating: "\(folder)/\(number).png").write(bytes.span)
    }
  }

  /// The PNG files, each different.
  static func makeFiles() throws -> [[UInt8]] {
    try (0..<64).map { number in
      try PNG.encode(
        Image(width: side, height: side, channels: .rgb, pixels: NoisyPixels.make(number, side: side, channelCount: 3)))
    }
  }
}
