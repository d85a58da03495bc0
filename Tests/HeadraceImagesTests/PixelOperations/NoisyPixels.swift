import HeadraceTestSupport

@testable import HeadraceImages

/// Pixels of which no two rows are alike, the same ones each time.
enum NoisyPixels {
  static func make(_ width: Int, _ height: Int, _ channels: ImageChannels) -> [UInt8] {
    var random = SplitMix64(seed: width * 10_000 + height * 10 + channels.rawValue)
    return (0..<(width * height * channels.rawValue)).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
