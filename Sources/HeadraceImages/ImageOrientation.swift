/// Where the first row and the first column of a stored image belong when it is shown, as cameras record it.
///
/// Raw values and names are those of tag 274 in TIFF and Exif. Decoders here do not rotate: pixels are as stored.
///
/// See Exif 2.32 (CIPA DC-008), section 4.6.4, "Orientation".
public enum ImageOrientation: Int, Hashable, Sendable, CaseIterable {
  /// The first row is the top, the first column the left: as stored. So it is where a file says nothing of use.
  case topLeft = 1
  /// Mirrored left to right.
  case topRight = 2
  /// Turned by half a turn.
  case bottomRight = 3
  /// Mirrored top to bottom.
  case bottomLeft = 4
  /// Mirrored along the diagonal from the top left.
  case leftTop = 5
  /// To be turned by a quarter clockwise.
  case rightTop = 6
  /// Mirrored along the diagonal from the top right.
  case rightBottom = 7
  /// To be turned by a quarter counterclockwise.
  case leftBottom = 8

  /// Whether the image is shown as wide as it is stored high.
  public var swapsSides: Bool { rawValue >= 5 }
}
