/// Pixels with smooth slopes and some noise, as photographs have.
enum NoisyPixels {
  static func make(_ number: Int, side: Int, channelCount: Int) -> [UInt8] {
    var noise = UInt32(truncatingIfNeeded: number &* 2_654_435_761 | 1)
    return (0..<(side * side * channelCount)).map { index in
      noise ^= noise << 13
      noise ^= noise >> 17
      noise ^= noise << 5
      return UInt8(
        truncatingIfNeeded: index / (side * channelCount) &+ index / channelCount % side &+ number &+ Int(noise & 7))
    }
  }
}
