import HeadraceCore
import HeadraceImages

/// A box of the scaled image against the same box of all of it, both policies for damage, and Huffman codes decoded
/// here and by libjpeg.
enum JPEGFuzz {
  static func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    var choices = FuzzChoices(bytes)
    let channels = choices.one(of: ImageChannels.allCases)
    let whole = try ImageFuzz.decode { () throws(HeadraceError) in
      try JPEG.decode(bytes, channels: channels, limits: ImageFuzz.limits)
    }
    let filled = try ImageFuzz.decode { () throws(HeadraceError) in
      try JPEG.decode(bytes, channels: channels, truncation: .fill, limits: ImageFuzz.limits)
    }
    if let whole, whole != filled { throw FuzzFinding("a whole file is another where damage is filled") }
    try ImageFuzz.checkHeader(bytes, filled)
    try compareBox(bytes, channels, whole, &choices)
    try ImageFuzz.transform(bytes, &choices)
  }

  private static func compareBox(
    _ bytes: [UInt8], _ channels: ImageChannels, _ whole: Image?, _ choices: inout FuzzChoices
  ) throws(FuzzFinding) {
    guard let header = try? JPEG.header(of: bytes), header.width * header.height <= ImageFuzz.limits.maximumPixels
    else { return }
    let eighths = 8 - choices.number(below: 8)
    let size = JPEG.scaledSize(of: header, eighths: eighths)
    let all = PixelBox(x: 0, y: 0, width: size.width, height: size.height)
    let box = ImageFuzz.box(size.width, size.height, &choices)
    let found = try read(bytes, header, channels, eighths, box, .refuse)
    let filled = try read(bytes, header, channels, eighths, box, .fill)
    let plain = try read(bytes, header, channels, eighths, box, .refuse, isPlain: true)
    let plainlyFilled = try read(bytes, header, channels, eighths, box, .fill, isPlain: true)
    if found != plain || filled != plainlyFilled {
      throw FuzzFinding("\(box) at \(eighths)/8 of \(header) is another where libjpeg decodes the codes")
    }
    let scaled = try read(bytes, header, channels, eighths, all, .refuse)
    if let scaled {
      guard found?.pixels == ImageFuzz.pixels(of: scaled, in: box) else {
        throw FuzzFinding("\(box) at \(eighths)/8 of \(header) differs from the same box of the whole image")
      }
      if eighths == 8, scaled != whole { throw FuzzFinding("a box that is all of \(header) differs from it") }
    }
  }

  private static func read(
    _ bytes: [UInt8], _ header: JPEGHeader, _ channels: ImageChannels, _ eighths: Int, _ box: PixelBox,
    _ truncation: TruncationPolicy, isPlain: Bool = false
  ) throws(FuzzFinding) -> Image? {
    try ImageFuzz.decode { () throws(HeadraceError) in
      try unsafe ImageFuzz.image(of: box, channels) { pixels, stride throws(HeadraceError) in
        try unsafe JPEG.read(
          bytes.span, header, channels: channels, eighths: eighths, box: box, truncation: truncation,
          limits: ImageFuzz.limits, into: pixels, stride: stride, isPlain: isPlain)
      }
    }
  }
}
