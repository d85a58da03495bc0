import Testing

@testable import HeadraceCLI

/// `--columns` and `--size`.
@Suite struct ColumnMappingTests {
  @Test func columnsKeepTheirOrderAndKind() throws {
    let mapping = try ColumnMapping("b=seg.png,a=cls,c=x.cls")
    #expect(mapping.columns.map(\.tensor) == ["b", "a", "c"])
    #expect(mapping.columns.map(\.field) == ["seg.png", "cls", "x.cls"])
    #expect(mapping.columns.map(\.kind) == [.image, .label, .label])
  }

  @Test func withoutTheOptionThereIsAnImageAndALabelWhereThereAreLabels() throws {
    #expect(ColumnMapping.automatic(hasLabel: true) == (try ColumnMapping("image=png,label=cls")))
    #expect(ColumnMapping.automatic(hasLabel: false) == (try ColumnMapping("image=png")))
  }

  @Test(arguments: [
    ("", "\"\" is not of the form"), ("image", "\"image\" is not of the form"), ("=png", "\"=png\" is not of the form"),
    ("image=", "\"image=\" is not of the form"), ("a=png,", "\"\" is not of the form"),
    ("a=b=png", "\"a=b=png\" is not of the form"), ("a=txt", "field \"txt\" cannot be batched"),
    ("a=PNG", "field \"PNG\" cannot be batched"), ("a=png,a=cls", "two columns are named \"a\""),
  ])
  func mistakesAreExplained(text: String, part: String) {
    let error = #expect(throws: UsageError.self) { try ColumnMapping(text) }
    #expect(error?.description.hasPrefix("--columns \(text): \(part)") == true, "\(error as Any)")
  }

  @Test(arguments: [("1x1", 1, 1), ("224x160", 224, 160), ("65535x65535", 65_535, 65_535), ("007x8", 7, 8)])
  func sizeIsWidthThenHeight(text: String, width: Int, height: Int) throws {
    #expect(try ImageSize(text) == ImageSize(width: width, height: height))
    #expect(ImageSize(width: width, height: height).description == "\(width)x\(height)")
  }

  @Test(arguments: ["", "x", "3", "3x", "x3", "0x3", "3x0", "-3x3", "3x65536", "3X3", "3x3x3", "3 x 3", "3.0x3", "axb"])
  func sizesThatAreNoneAreRefused(text: String) {
    let error = #expect(throws: UsageError.self) { try ImageSize(text) }
    #expect(error?.description.contains("WIDTHxHEIGHT in pixels, such as 224x224") == true)
  }
}
