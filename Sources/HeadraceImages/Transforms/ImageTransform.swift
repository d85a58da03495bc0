import HeadraceCore

/// One operation on an image, as a list of them describes what becomes of it: names, parameters and distributions are
/// those of torchvision.transforms.v2, without its word "random" where a probability says it.
///
/// A list is planned as a whole for each image: crops and resizes are done in one pass over no more pixels than count,
/// see docs/design/0017-transforms.md. Random choices depend on seed, epoch, sample and stage alone.
///
/// https://docs.pytorch.org/vision/stable/transforms.html
public enum ImageTransform: Hashable, Sendable {
  /// Resizes to a width and a height, at least 1 each, whatever the shape of the image.
  ///
  /// With antialiasing, as Pillow always does it and bit-equal to it; without, no more pixels count than in an image
  /// that grows.
  case resize(width: Int, height: Int, interpolation: Interpolation = .bilinear, antialias: Bool = true)
  /// Resizes so that the shorter side has `pixels`; the longer one keeps the shape, rounded down.
  case resizeShorterSide(_ pixels: Int, interpolation: Interpolation = .bilinear, antialias: Bool = true)
  /// The middle of the image; where it is smaller, zeros around it.
  case centerCrop(width: Int, height: Int)
  /// A part of the image that lies anywhere in it, each place equally likely, after `padding` pixels were put on each
  /// side.
  case randomCrop(width: Int, height: Int, padding: Int = 0, mode: PaddingMode = .constant(0))
  /// A part of random area and shape, resized: of the image's area the share that `scale` says, uniformly, and
  /// width : height in `ratio`, uniformly in the logarithm. After ten tries that do not fit, the largest part in the
  /// middle whose shape is allowed.
  case randomResizedCrop(
    width: Int, height: Int, scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 0.75...4.0 / 3,
    interpolation: Interpolation = .bilinear, antialias: Bool = true)
  /// Left and right swapped, with a probability.
  case horizontalFlip(probability: Double = 0.5)
  /// Top and bottom swapped, with a probability.
  case verticalFlip(probability: Double = 0.5)
  /// Turned counterclockwise by so many quarter turns.
  case rotate(quarterTurns: Int)
  /// Turned by 0, 1, 2 or 3 quarter turns, each equally likely.
  case randomQuarterTurn
  /// Pixels put on each side.
  case pad(left: Int, top: Int, right: Int, bottom: Int, mode: PaddingMode = .constant(0))
  /// Brightness, contrast and saturation times a factor from `max(0, 1 - x)...1 + x`, hue turned by a share of the
  /// circle from `-hue...hue`, in random order. What is 0 is left out.
  case colorJitter(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0)
  /// Gray in all channels, with a probability.
  case grayscale(probability: Double = 1)
  /// Blurred by a Gaussian whose deviation in pixels is drawn from `sigma`; `kernelSize`, odd, is how many pixels count
  /// in each direction.
  case gaussianBlur(kernelSize: Int, sigma: ClosedRange<Double> = 0.1...2)
  /// With a probability, a rectangle of a random share of the area and of a random shape is overwritten by `value`: one
  /// for each channel, in the units of what is there; 0 in all where it is empty.
  case randomErasing(
    probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33, ratio: ClosedRange<Double> = 0.3...3.3,
    value: [Float] = [])
  /// Each value v of a channel, 0 to 255, becomes (v / 255 - mean) / deviation. One number for each channel, or one for
  /// all.
  case normalize(mean: [Float], deviation: [Float])

  /// `normalize` with the statistics of ImageNet's training images, as torchvision's models expect them of RGB.
  public static let normalizeImageNet = ImageTransform.normalize(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// A square part of random area and shape; see
  /// `randomResizedCrop(width:height:scale:ratio:interpolation:antialias:)`.
  public static func randomResizedCrop(_ side: Int) -> ImageTransform {
    .randomResizedCrop(width: side, height: side)
  }

  /// A square in the middle.
  public static func centerCrop(_ side: Int) -> ImageTransform { .centerCrop(width: side, height: side) }
}
