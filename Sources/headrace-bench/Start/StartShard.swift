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
      let image = Image(width: Self.side, height: Self.side, channels: .rgb, pixels: Self.pixels(number))
      try writer.append(key: "\(number)", fields: [(name: Self.field, bytes: try PNG.encode(image))])
    }
    try writer.finish()
  }

  deinit { FileSystem.remove(path) }

  /// Smooth slopes with some noise, as photographs have.
  private static func pixels(_ number: Int) -> [UInt8] {
    var noise = UInt32(truncatingIfNeeded: number &* 2_654_435_761 | 1)
    return (0..<(side * side * 3)).map { index in
      noise ^= noise << 13
      noise ^= noise >> 17
      noise ^= noise << 5
      return UInt8(truncatingIfNeeded: index / 192 &+ index / 3 % 64 &+ number &+ Int(noise & 7))
    }
  }
}
