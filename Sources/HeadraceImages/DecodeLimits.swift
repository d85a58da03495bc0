/// What a decoder accepts before it allocates or writes anything.
///
/// A header of a few bytes can announce gigabytes; a loader that reads files of others refuses it from the header.
public struct DecodeLimits: Hashable, Sendable {
  /// Width times height, in pixels.
  public var maximumPixels: Int

  /// Up to 89,478,485 pixels, a quarter of a gibibyte of RGB: the bound at which Pillow warns of a bomb.
  public static let `default` = DecodeLimits()

  /// Limits the pixels of an image; at least 1.
  public init(maximumPixels: Int = 89_478_485) {
    precondition(maximumPixels >= 1, "maximumPixels is \(maximumPixels), must be at least 1")
    self.maximumPixels = maximumPixels
  }
}
