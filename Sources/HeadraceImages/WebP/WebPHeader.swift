/// What the first chunks of a WebP file say about it.
///
/// See https://developers.google.com/speed/webp/docs/riff_container
public struct WebPHeader: Hashable, Sendable {
  /// Width in pixels as stored, 1 to 16,384.
  public var width: Int
  /// Height in pixels as stored, 1 to 16,384.
  public var height: Int
  /// Whether pixels have an alpha; it is dropped or 255 unless `.rgba` is asked for and they do.
  public var hasAlpha: Bool
  /// Whether it is a sequence of frames, which is not decoded here.
  public var isAnimated: Bool
  /// How a camera held the image, from its Exif metadata; decoding does not turn it.
  public var orientation: ImageOrientation

  /// A header with these fields, such as tests compare with; `WebP.header(of:)` reads one.
  public init(
    width: Int, height: Int, hasAlpha: Bool, isAnimated: Bool = false, orientation: ImageOrientation = .topLeft
  ) {
    self.width = width
    self.height = height
    self.hasAlpha = hasAlpha
    self.isAnimated = isAnimated
    self.orientation = orientation
  }
}
