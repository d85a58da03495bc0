import HeadraceCore
import HeadraceImages

/// What all image formats have in common.
enum ImageFuzz {
  /// So little that a fuzzer, told to look for large allocations, finds one that the limits do not cover.
  static let limits = DecodeLimits(maximumPixels: 1 << 16, maximumScans: 20)

  /// Reads the header, which must agree with an image that was decoded.
  static func checkHeader(_ bytes: [UInt8], _ image: Image?) throws(FuzzFinding) {
    do throws(HeadraceError) {
      let header = try ImageHeader(of: bytes.span)
      guard let image, header.width != image.width || header.height != image.height else { return }
      throw HeadraceError(.wrongType, "The header says \(header.width)x\(header.height), the image is \(image).")
    } catch {
      try FuzzFinding.check(error, isOneOf: [.malformedImage])
      if image != nil { throw FuzzFinding("an image that decodes has no header: \(error)") }
    }
  }

  /// Decodes into a tensor by transforms that the bytes choose: a resize, crops, a flip, padding.
  static func transform(_ bytes: [UInt8], _ choices: inout FuzzChoices) throws(FuzzFinding) {
    let transforms = choices.one(
      of: [
        [.resize(width: 8, height: 8)], [.randomResizedCrop(8), .horizontalFlip()],
        [.resizeShorterSide(9), .centerCrop(8)], [.randomCrop(width: 8, height: 8, padding: 4)],
      ] as [[ImageTransform]])
    let decoder = ImageDecoder(
      transforms, channels: choices.one(of: ImageChannels.allCases),
      appliesOrientation: choices.number(below: 2) == 1, truncation: choices.one(of: TruncationPolicy.allCases),
      limits: limits)
    do {
      _ = try TensorBytes.decode(bytes, by: decoder, width: 8, height: 8)
    } catch let error as HeadraceError {
      try FuzzFinding.check(error, isOneOf: [.malformedImage, .limitExceeded])
    } catch {
      throw FuzzFinding("\(error)")
    }
  }

  /// The image, or nil where the error is one that such bytes may have.
  static func decode(_ body: () throws(HeadraceError) -> Image) throws(FuzzFinding) -> Image? {
    do throws(HeadraceError) {
      return try body()
    } catch {
      try FuzzFinding.check(error, isOneOf: [.malformedImage, .limitExceeded])
      return nil
    }
  }

  /// A box within an image of that size.
  static func box(_ width: Int, _ height: Int, _ choices: inout FuzzChoices) -> PixelBox {
    let x = choices.number(below: min(width, 1 << 16))
    let y = choices.number(below: min(height, 1 << 16))
    return PixelBox(
      x: x, y: y, width: 1 + choices.number(below: min(width - x, 1 << 16)),
      height: 1 + choices.number(below: min(height - y, 1 << 16)))
  }

  /// An image of a box, whose rows `read` writes.
  static func image(
    of box: PixelBox, _ channels: ImageChannels,
    _ read: (_ pixels: UnsafeMutableBufferPointer<UInt8>, _ stride: Int) throws(HeadraceError) -> Void
  ) throws(HeadraceError) -> Image {
    let stride = box.width * channels.rawValue
    var pixels = [UInt8](repeating: 0, count: box.height * stride)
    try unsafe pixels.withUnsafeMutableBufferPointer { pixels throws(HeadraceError) in try unsafe read(pixels, stride) }
    return Image(width: box.width, height: box.height, channels: channels, pixels: pixels)
  }

  /// The pixels of a box of an image, row by row.
  static func pixels(of image: Image, in box: PixelBox) -> [UInt8] {
    let size = image.channels.rawValue
    return (box.y..<(box.y + box.height)).flatMap { y in
      let start = (y * image.width + box.x) * size
      return image.pixels[start..<(start + box.width * size)]
    }
  }
}
