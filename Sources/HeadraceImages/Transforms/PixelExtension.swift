/// A part of an image that reaches beyond its edges.
struct PixelExtension: Hashable {
  /// In pixels of the image; may begin before 0 and end after the image.
  var box: PixelBox
  /// What lies beyond the edges.
  let mode: PaddingMode

  mutating func crop(_ part: PixelBox) { box = part.moved(x: box.x, y: box.y) }
}
