import HeadraceCore

/// Where the first pass of a plan has its pixels from.
protocol PixelSource: ~Escapable {
  /// What a pixel is made of.
  var channels: ImageChannels { get }

  /// The scale at which a pass may read the source, in eighths of its size.
  func eighths(for pass: Resampling) -> Int

  /// What has to be read for a part of the image: the part, or more where the source knows no less.
  func decodedBox(for box: PixelBox) -> PixelBox

  /// Writes a part of the image scaled to `eighths` / 8, which must be one that `decodedBox` gives, in rows without
  /// gaps.
  func decode(_ box: PixelBox, eighths: Int, into target: inout MutableSpan<UInt8>) throws(HeadraceError)
}
