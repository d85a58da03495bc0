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
}
