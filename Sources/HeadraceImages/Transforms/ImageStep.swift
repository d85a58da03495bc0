/// An operation whose random choices are made: what is to be done to one image.
enum ImageStep: Hashable {
  case resize(width: Int, height: Int, ResizeKernel)
  /// A part of the image, which lies in it.
  case crop(PixelBox)
  case flip(horizontally: Bool, vertically: Bool)
  /// Counterclockwise, 1 to 3.
  case turn(Int)
  case pad(left: Int, top: Int, right: Int, bottom: Int, PaddingMode)
  case adjust(ColorAdjustment)
  case blur(kernelSize: Int, sigma: Double)
  case erase(PixelBox, value: [Float])
  case normalize(mean: [Float], deviation: [Float])
}
