/// A rectangle of pixels.
package struct PixelBox: Hashable, Sendable {
  /// The column of its left edge, counted from the left edge of the image.
  package var x: Int
  /// The row of its upper edge, counted from the top of the image.
  package var y: Int
  /// Columns.
  package var width: Int
  /// Rows.
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The same rectangle elsewhere.
  func moved(x: Int, y: Int) -> PixelBox { PixelBox(x: self.x + x, y: self.y + y, width: width, height: height) }
}
