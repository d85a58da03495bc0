import Testing

@testable import HeadraceImages

@Suite struct ContactSheetTests {
  private func pixel(_ image: Image, _ x: Int, _ y: Int) -> [UInt8] {
    let start = (y * image.width + x) * 3
    return Array(image.pixels[start..<(start + 3)])
  }

  private func plain(_ width: Int, _ height: Int, _ value: [UInt8]) -> Image {
    Image(
      width: width, height: height, channels: ImageChannels(rawValue: value.count)!,
      pixels: (0..<(width * height)).flatMap { _ in value })
  }

  @Test func picturesStandInRowsEachInTheMiddleOfItsPlace() {
    var sheet = ContactSheet(columns: 2, side: 16)
    sheet.add(plain(16, 16, [1, 2, 3]), label: "")
    sheet.add(plain(4, 2, [9]), label: "")
    sheet.add(plain(64, 32, [5, 6, 7]), label: "")
    let image = sheet.image()
    #expect(image.width == 2 * 20 + 4 && image.height == 2 * 31 + 4)
    #expect(pixel(image, 4, 4) == [1, 2, 3] && pixel(image, 19, 19) == [1, 2, 3])
    // 4x2 in the middle of the second place.
    #expect(pixel(image, 24 + 6, 4 + 7) == [9, 9, 9] && pixel(image, 24 + 5, 4 + 7) == [232, 232, 232])
    // Made smaller to 16x8, in the second row.
    #expect(pixel(image, 4, 35 + 4) == [5, 6, 7] && pixel(image, 4, 35 + 3) == [232, 232, 232])
    #expect(pixel(image, 4, 35 + 11) == [5, 6, 7] && pixel(image, 4, 35 + 12) == [232, 232, 232])
  }

  @Test func whatIsTransparentShowsTheGround() {
    var sheet = ContactSheet(columns: 1, side: 16)
    sheet.add(plain(16, 16, [200, 100, 0, 0]), label: "")
    #expect(pixel(sheet.image(), 10, 10) == [232, 232, 232])
  }

  @Test func labelsAreWrittenAndCutWhereTheyDoNotFit() {
    var sheet = ContactSheet(columns: 1, side: 16)
    sheet.add(plain(16, 16, [0]), label: "1a????")
    let image = sheet.image()
    let top = 4 + 16 + 4
    func rows(_ place: Int) -> [UInt8] {
      (0..<PixelFont.height).map { y in
        (0..<PixelFont.width).reduce(0) { bits, x in
          bits << 1 | (pixel(image, 4 + place * 6 + x, top + y) == [32, 32, 32] ? 1 : 0)
        }
      }
    }
    #expect(rows(0) == PixelFont.rows("1") && rows(1) == PixelFont.rows("A"))
    // Two letters fit into 16 pixels; the margin behind them stays empty.
    #expect((0..<7).allSatisfy { y in pixel(image, 17, top + y) == [255, 255, 255] })
  }

  @Test func noTwoLettersAreAlike() {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:=()+,# ")
    #expect(Set(letters.map(PixelFont.rows)).count == letters.count)
    #expect(PixelFont.rows("é") == PixelFont.rows("\u{1F600}") && PixelFont.rows("b") == PixelFont.rows("B"))
  }

  @Test func anEmptySheetIsAnImageToo() {
    #expect(ContactSheet(columns: 8, side: 16).image().width == 24)
  }
}
