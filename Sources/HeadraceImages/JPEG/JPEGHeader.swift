/// What the markers of a JPEG file before its first scan say about it.
///
/// See the frame header in ITU-T T.81, section B.2.2.
public struct JPEGHeader: Hashable, Sendable {
  /// Width in pixels as stored, 1 to 65,535.
  public var width: Int
  /// Height in pixels as stored, 1 to 65,535.
  public var height: Int
  /// Components of a pixel: 1 for gray, 3 for YCbCr or RGB, 4 for CMYK or YCCK.
  public var componentCount: Int
  /// Whether pixels come in several scans, each of which refines all of them.
  public var isProgressive: Bool
  /// How a camera held the image, from its Exif metadata; decoding does not turn it.
  public var orientation: ImageOrientation

  /// A header with these fields, such as tests compare with; `JPEG.header(of:)` reads one.
  public init(
    width: Int, height: Int, componentCount: Int, isProgressive: Bool, orientation: ImageOrientation = .topLeft
  ) {
    self.width = width
    self.height = height
    self.componentCount = componentCount
    self.isProgressive = isProgressive
    self.orientation = orientation
  }
}
