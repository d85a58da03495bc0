import HeadraceCore
import HeadraceImages
import HeadraceTestSupport

/// The fast path against libpng: the same pixels, or the same error.
enum PNGFuzz {
  static func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    try compare(bytes)
    // Checksums that are right let damage through to what is behind them.
    let repaired = PNGChunks.repaired(bytes)
    if repaired != bytes { try compare(repaired) }
  }

  private static func compare(_ bytes: [UInt8]) throws(FuzzFinding) {
    var choices = FuzzChoices(bytes)
    let channels = choices.one(of: ImageChannels.allCases)
    let width = choices.one(of: SIMDWidth.available)
    let expected = decode(bytes, channels, .libpng)
    for path in [PNGPath.standard, .fast(width)] {
      let found = decode(bytes, channels, path)
      guard found == expected else { throw FuzzFinding("\(path): \(found); libpng: \(expected)") }
    }
    let image = try ImageFuzz.decode { () throws(HeadraceError) in try expected.get() }
    try ImageFuzz.checkHeader(bytes, image)
    try ImageFuzz.transform(bytes, &choices)
  }

  private static func decode(
    _ bytes: [UInt8], _ channels: ImageChannels, _ path: PNGPath
  ) -> Result<Image, HeadraceError> {
    Result { () throws(HeadraceError) in
      try PNG.decode(bytes.span, channels: channels, limits: ImageFuzz.limits, path: path)
    }
  }
}
