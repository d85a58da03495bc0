import Headrace

/// A small colour image made from its number, so that the first batch waits for no file.
struct GeneratedRecord: Sendable {
  static let tensorName = "image"
  static let byteCount = 64 * 64 * 3

  let bytes: [UInt8]

  /// 64 images of 64 x 64 pixels.
  static var all: [GeneratedRecord] { (0..<64).map(GeneratedRecord.init(number:)) }

  static func spec(count: Int) -> BatchSpec {
    BatchSpec(size: count, TensorSpec(tensorName, .uint8, shape: [64, 64, 3]))
  }

  /// Smooth slopes with some noise, as photographs have.
  private init(number: Int) {
    var noise = UInt32(truncatingIfNeeded: number &* 2_654_435_761 | 1)
    bytes = (0..<Self.byteCount).map { index in
      noise ^= noise << 13
      noise ^= noise >> 17
      noise ^= noise << 5
      return UInt8(truncatingIfNeeded: index / 192 &+ index / 3 % 64 &+ number &+ Int(noise & 7))
    }
  }

  /// Writes the image into its row.
  func decode(_ row: inout Row) throws {
    try row.write(contentsOf: bytes, to: Self.tensorName)
  }
}
