import Testing

@testable import HeadraceImages

@Suite struct PixelOrientationTests {
  /// The result's pixels, as places in the source, by the definition: swapped first, then mirrored.
  private func laid(_ orientation: PixelOrientation, _ rows: [[Int]]) -> [[Int]] {
    var result = rows
    if orientation.isTransposed { result = rows[0].indices.map { x in rows.map { $0[x] } } }
    if orientation.isFlippedHorizontally { result = result.map { $0.reversed() } }
    if orientation.isFlippedVertically { result.reverse() }
    return result
  }

  private static var all: [PixelOrientation] {
    (0..<8).map { bits in
      var orientation = PixelOrientation.identity
      orientation.isTransposed = bits & 1 != 0
      orientation.isFlippedHorizontally = bits & 2 != 0
      orientation.isFlippedVertically = bits & 4 != 0
      return orientation
    }
  }

  private let rows = [[0, 1, 2], [3, 4, 5]]

  @Test(arguments: all) func aTurnIsTheColumnsFromTheRightAsRows(orientation: PixelOrientation) {
    let before = laid(orientation, rows)
    var turned = orientation
    turned.turn()
    let expected = before[0].indices.reversed().map { x in before.map { $0[x] } }
    #expect(laid(turned, rows) == expected)
  }

  @Test(arguments: all, [(true, false), (false, true), (true, true)])
  func aFlipMirrorsWhatWasLaid(orientation: PixelOrientation, flip: (horizontally: Bool, vertically: Bool)) {
    var expected = laid(orientation, rows)
    if flip.horizontally { expected = expected.map { $0.reversed() } }
    if flip.vertically { expected.reverse() }
    var flipped = orientation
    flipped.flip(horizontally: flip.horizontally, vertically: flip.vertically)
    #expect(laid(flipped, rows) == expected)
  }

  @Test(arguments: all) func thePartOfTheResultIsMadeOfItsOrigin(orientation: PixelOrientation) {
    let whole = laid(orientation, rows)
    let (width, height) = (whole[0].count, whole.count)
    for x in 0..<width {
      for y in 0..<height {
        for right in (x + 1)...width {
          for bottom in (y + 1)...height {
            let box = PixelBox(x: x, y: y, width: right - x, height: bottom - y)
            let origin = orientation.origin(of: box, width: width, height: height)
            let part = rows[origin.y..<(origin.y + origin.height)].map {
              Array($0[origin.x..<(origin.x + origin.width)])
            }
            #expect(laid(orientation, part) == whole[y..<bottom].map { Array($0[x..<right]) })
          }
        }
      }
    }
  }

  @Test(arguments: all, [1, 3, 4])
  func aCopyLaysPixelsSo(orientation: PixelOrientation, size: Int) throws {
    let bytes = rows.flatMap { $0 }.flatMap { pixel in (0..<size).map { UInt8(pixel * 10 + $0) } }
    let view = PixelView(bytes.span, width: 3, height: 2, channels: ImageChannels(rawValue: size)!)
    for box in [PixelBox(x: 0, y: 0, width: 3, height: 2), PixelBox(x: 1, y: 1, width: 2, height: 1)] {
      let part = rows[box.y..<(box.y + box.height)].map { Array($0[box.x..<(box.x + box.width)]) }
      var target = [UInt8](repeating: 255, count: box.width * box.height * size)
      var span = target.mutableSpan
      view.copy(box, orientation, into: &span)
      let expected = laid(orientation, part).flatMap { $0 }
      #expect(target == expected.flatMap { pixel in (0..<size).map { UInt8(pixel * 10 + $0) } })
    }
  }

  /// Exif 2.32, section 4.6.4: where the first row and the first column of the stored image belong.
  @Test(arguments: ImageOrientation.allCases) func exifTellsWhereTheFirstRowAndColumnAre(stored: ImageOrientation) {
    let shown = laid(PixelOrientation(stored), rows)
    let (row, column) = (rows[0], rows.map { $0[0] })
    let top = shown[0], bottom = shown[shown.count - 1]
    let left = shown.map { $0[0] }, right = shown.map { $0[$0.count - 1] }
    let (isRow, isColumn): ([Int], [Int]) =
      switch stored {
      case .topLeft: (top, left)
      case .topRight: (top, right)
      case .bottomRight: (bottom, right)
      case .bottomLeft: (bottom, left)
      case .leftTop: (left, top)
      case .rightTop: (right, top)
      case .rightBottom: (right, bottom)
      case .leftBottom: (left, bottom)
      }
    #expect(isRow.sorted() == row && isColumn.sorted() == column)
  }
}
