/// How the pixels of a resized image come of those of the source.
public enum Interpolation: String, Sendable, Codable, CaseIterable {
  /// The source pixel in which the center of a result pixel lies, as Pillow's `NEAREST`; for labels and masks.
  case nearest
  /// A triangle of 1 pixel to either side, as Pillow's `BILINEAR`.
  case bilinear
  /// Keys' cubic with a = -0.5, of 2 pixels to either side, as Pillow's `BICUBIC`: sharper, and may overshoot.
  ///
  /// Source: R. G. Keys, "Cubic convolution interpolation for digital image processing", 1981.
  case bicubic
}
