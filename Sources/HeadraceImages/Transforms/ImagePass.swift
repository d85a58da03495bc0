/// One pass over the pixels of an image.
enum ImagePass: Hashable {
  case resample(Resampling)
  case extend(PixelExtension)
  case adjust(ColorAdjustment)
  case blur(kernelSize: Int, sigma: Double)
  case erase(PixelBox, value: [Float])

  /// Whether it changes the image where it is.
  var isInPlace: Bool {
    switch self {
    case .resample, .extend, .blur: false
    case .adjust, .erase: true
    }
  }

  /// What it makes of an image of that size.
  func size(after size: (width: Int, height: Int)) -> (width: Int, height: Int) {
    switch self {
    case .resample(let pass): (pass.width, pass.height)
    case .extend(let pass): (pass.box.width, pass.box.height)
    case .adjust, .blur, .erase: size
    }
  }

  /// Changes pixels where they are.
  func change(_ pixels: inout MutableSpan<UInt8>, width: Int, height: Int, _ channels: ImageChannels) {
    switch self {
    case .adjust(let adjustment): adjustment.apply(to: &pixels, channels: channels)
    case .erase(let box, let value): box.erase(&pixels, width: width, height: height, channels: channels, value: value)
    case .resample, .extend, .blur: preconditionFailure("\(self) makes other pixels")
    }
  }
}
