import HeadraceCore
import HeadraceImages

/// A box of the image against the same box of all of it.
enum WebPFuzz {
  static func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    var choices = FuzzChoices(bytes)
    let channels = choices.one(of: ImageChannels.allCases)
    let whole = try ImageFuzz.decode { () throws(HeadraceError) in
      try WebP.decode(bytes, channels: channels, limits: ImageFuzz.limits)
    }
    try ImageFuzz.checkHeader(bytes, whole)
    if let header = try? WebP.header(of: bytes), header.width * header.height <= ImageFuzz.limits.maximumPixels {
      let box = ImageFuzz.box(header.width, header.height, &choices)
      let found = try read(bytes, header, channels, box)
      if let whole, found?.pixels != ImageFuzz.pixels(of: whole, in: box) {
        throw FuzzFinding("\(box) of \(header) differs from the same box of the whole image")
      }
    }
    try ImageFuzz.transform(bytes, &choices)
  }

  private static func read(
    _ bytes: [UInt8], _ header: WebPHeader, _ channels: ImageChannels, _ box: PixelBox
  ) throws(FuzzFinding) -> Image? {
    try ImageFuzz.decode { () throws(HeadraceError) in
      try unsafe ImageFuzz.image(of: box, channels) { pixels, stride throws(HeadraceError) in
        try unsafe WebP.read(
          bytes.span, header, channels: channels, box: box, limits: ImageFuzz.limits, into: pixels, stride: stride)
      }
    }
  }
}
