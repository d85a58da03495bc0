/// A change of color of each pixel, with the random choice made. Factors of 1, and a hue of 0, change nothing.
enum ColorAdjustment: Hashable {
  case brightness(Double)
  case contrast(Double)
  case saturation(Double)
  /// Share of a full turn, -0.5...0.5.
  case hue(Double)
  case grayscale
}
