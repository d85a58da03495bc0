/// Pictures with the statistics of photographs: noise of which each octave has the same strength, as natural scenes
/// have it (amplitude falls as 1/f), the grain of a sensor, and colors that mostly follow the brightness.
///
/// D. J. Field, "Relations between the statistics of natural images and the response properties of cortical cells",
/// J. Opt. Soc. Am. A 4(12), 1987.
struct PhotoPixels {
  private static let coarsest = 64
  /// Gray levels of each octave, of the colors beside it, and of the grain.
  private static let octaveLevels = 26
  private static let colorLevels = 5
  private static let grainLevels = 9

  let number: Int

  /// `channels` bytes a pixel: brightness, red, green, blue, or these and an alpha that is opaque but for one corner.
  func make(width: Int, height: Int, channels: Int) -> [UInt8] {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * channels)
    for y in 0..<height {
      for x in 0..<width {
        let brightness = 128 + octaves(x, y, seed: 0, from: Self.coarsest) * Self.octaveLevels / 256
        for channel in 0..<min(channels, 3) {
          let color = channels == 1 ? 0 : octaves(x, y, seed: channel + 1, from: Self.coarsest) * Self.colorLevels / 256
          let grain = Int(noise(x, y, seed: 16 + channel) % UInt32(Self.grainLevels)) - Self.grainLevels / 2
          pixels.append(UInt8(clamping: brightness + color + grain))
        }
        if channels == 4 { pixels.append(UInt8(clamping: 4 * (x + y))) }
      }
    }
    return pixels
  }

  /// Sum of one smooth noise for each cell size from `coarsest` down to 2 pixels, each -128 to 127.
  private func octaves(_ x: Int, _ y: Int, seed: Int, from coarsest: Int) -> Int {
    var sum = 0
    var cell = coarsest
    while cell >= 2 {
      sum += smoothNoise(x, y, cell: cell, seed: seed &* 64 &+ cell)
      cell /= 2
    }
    return sum
  }

  /// Noise of a lattice, between its points in proportion.
  private func smoothNoise(_ x: Int, _ y: Int, cell: Int, seed: Int) -> Int {
    let (column, row) = (x / cell, y / cell)
    let (right, down) = (x % cell, y % cell)
    func at(_ column: Int, _ row: Int) -> Int { Int(noise(column, row, seed: seed) & 255) - 128 }
    let top = at(column, row) * (cell - right) + at(column + 1, row) * right
    let bottom = at(column, row + 1) * (cell - right) + at(column + 1, row + 1) * right
    return (top * (cell - down) + bottom * down) / (cell * cell)
  }

  /// The same for the same place and seed: the finalizer of MurmurHash3 over their sum.
  private func noise(_ x: Int, _ y: Int, seed: Int) -> UInt32 {
    var value = UInt32(
      truncatingIfNeeded: x &* 0x9e37_79b1 &+ y &* 0x85eb_ca77 &+ seed &* 0xc2b2_ae3d &+ number &* 0x27d4_eb2f)
    value = (value ^ value >> 16) &* 0x85eb_ca6b
    value = (value ^ value >> 13) &* 0xc2b2_ae35
    return value ^ value >> 16
  }
}
