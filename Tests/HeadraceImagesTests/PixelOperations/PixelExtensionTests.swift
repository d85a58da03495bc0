import Testing

@testable import HeadraceImages

/// Boxes that begin before an image and end after it, against the meaning of each mode, a pixel at a time.
@Suite struct PixelExtensionTests {
  static let modes: [PaddingMode] = [.constant(0), .constant(93), .edge, .reflect, .symmetric]

  @Test(arguments: modes, ImageChannels.allCases)
  func everyBoxInAndAroundSmallImagesIsAsTheModeSays(_ mode: PaddingMode, _ channels: ImageChannels) {
    for (width, height) in [(1, 1), (2, 1), (1, 3), (3, 2), (5, 4)] {
      let pixels = NoisyPixels.make(width, height, channels)
      for x in -8...6 {
        for (boxWidth, boxHeight) in [(1, 1), (2, 9), (7, 3), (19, 17)] {
          for y in [-17, -8, -3, -1, 0, 1, 4, 9] {
            let box = PixelBox(x: x, y: y, width: boxWidth, height: boxHeight)
            let expected = Self.plain(pixels, width, height, channels.rawValue, box, mode)
            var result = [UInt8](repeating: 0xA5, count: expected.count + 3)
            var span = result.mutableSpan
            let view = PixelView(pixels.span, width: width, height: height, channels: channels)
            PixelExtension(box: box, mode: mode).copy(view, into: &span)
            #expect(result == expected + [0xA5, 0xA5, 0xA5], "\(width)x\(height) \(box)")
          }
        }
      }
    }
  }

  @Test func linesAreMirroredAsTheirDrawingsSay() {
    func line(_ mode: PaddingMode) -> String {
      let pixels = Array("abcd".utf8)
      var result = [UInt8](repeating: 0, count: 12)
      var span = result.mutableSpan
      let view = PixelView(pixels.span, width: 4, height: 1, channels: .gray)
      PixelExtension(box: PixelBox(x: -4, y: 0, width: 12, height: 1), mode: mode).copy(view, into: &span)
      return String(decoding: result, as: UTF8.self)
    }
    #expect(line(.constant(UInt8(ascii: "-"))) == "----abcd----")
    #expect(line(.edge) == "aaaaabcddddd")
    #expect(line(.reflect) == "cdcbabcdcbab")
    #expect(line(.symmetric) == "dcbaabcddcba")
  }

  private static func plain(
    _ pixels: [UInt8], _ width: Int, _ height: Int, _ channels: Int, _ box: PixelBox, _ mode: PaddingMode
  ) -> [UInt8] {
    var result: [UInt8] = []
    for y in box.y..<(box.y + box.height) {
      for x in box.x..<(box.x + box.width) {
        let column = place(x, width, mode)
        let row = place(y, height, mode)
        for c in 0..<channels {
          if case .constant(let value) = mode, column != x || row != y {
            result.append(value)
          } else {
            result.append(pixels[(row * width + column) * channels + c])
          }
        }
      }
    }
    return result
  }

  /// Steps from the image outward, turning round at its edges.
  private static func place(_ index: Int, _ count: Int, _ mode: PaddingMode) -> Int {
    var (place, step) = (index < 0 ? 0 : min(index, count - 1), index < 0 ? -1 : 1)
    guard mode == .reflect || mode == .symmetric else { return place }
    for _ in 0..<abs(index - place) {
      if (0..<count).contains(place + step) {
        place += step
      } else {
        step = -step
        if mode == .reflect && count > 1 { place += step }
      }
    }
    return place
  }
}
