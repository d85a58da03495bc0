/// What lies beyond the edges of an image.
public enum PaddingMode: Hashable, Sendable {
  /// One value in all channels.
  case constant(UInt8)
  /// The pixel at the edge, again and again: aaa|abcd|ddd.
  case edge
  /// The image mirrored at the pixel of the edge, which is not repeated: dcb|abcd|cba.
  case reflect
  /// The image mirrored at the edge: cba|abcd|dcb.
  case symmetric
}
