/// A rectangle of pixels: the column and row of its first pixel, counted from 0 at the left and the top, and its size.
package struct PixelBox: Hashable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Whether it has pixels, and all of them are in an image of that size.
  package func isWithin(width imageWidth: Int, height imageHeight: Int) -> Bool {
    x >= 0 && y >= 0 && width >= 1 && height >= 1 && width <= imageWidth && height <= imageHeight
      && x <= imageWidth - width && y <= imageHeight - height
  }

  /// The same rectangle elsewhere.
  func moved(x: Int, y: Int) -> PixelBox { PixelBox(x: self.x + x, y: self.y + y, width: width, height: height) }
}

extension PixelBox: CustomStringConvertible {
  /// For example `64x48 at (16, 0)`.
  package var description: String { "\(width)x\(height) at (\(x), \(y))" }
}
