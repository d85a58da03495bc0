import Headrace
import HeadraceSystem

/// The shard that the started process reads: one batch of small colour images as PNG, removed with the value.
struct StartShard: ~Copyable {
  static let field = "png"
  static let spec = BatchSpec(size: 64, TensorSpec("image", .uint8, shape: [side, side, 3]))
  private static let side = 64

  let path: String

  /// Writes the shard to `folder`.
  init(in folder: String = "/tmp") throws {
    path = "\(folder)/headrace-bench-start-\(MonotonicClock.now).tar"
    var writer = try ShardWriter(path: path)
    for number in 0..<Self.spec.size {
      let image = Image(
        width: Self.side, height: Self.side, channels: .rgb,
        pixels: NoisyPixels.make(number, side: Self.side, channelCount: 3))
      try writer.append(key: "\(number)", fields: [(name: Self.field, bytes: try PNG.encode(image))])
    }
    try writer.finish()
  }

  deinit { FileSystem.remove(path) }
}
