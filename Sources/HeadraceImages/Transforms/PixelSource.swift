import HeadraceCore

/// Where the first pass of a plan has its pixels from.
protocol PixelSource: ~Escapable {
  /// What a pixel is made of.
  var channels: ImageChannels { get }

  /// What has to be read for a part of the image: the part, or more where the source knows no less.
  func decodedBox(for box: PixelBox) -> PixelBox

  /// Writes the pixels of a box, which must be one that `decodedBox` gives, in rows without gaps.
  func decode(_ box: PixelBox, into target: inout MutableSpan<UInt8>) throws(HeadraceError)
}
