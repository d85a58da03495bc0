import Testing

@testable import HeadraceCLI

/// `--columns` and `--size`.
@Suite struct ColumnMappingTests {
  @Test func columnsKeepTheirOrderAndKind() throws {
    let mapping = try ColumnMapping("b=seg.png,a=cls,c=x.cls")
    #expect(mapping.columns.map(\.tensor) == ["b", "a", "c"])
    #expect(mapping.columns.map(\.fields) == [["seg.png"], ["cls"], ["x.cls"]])
    #expect(mapping.columns.map(\.kind) == [.image, .label, .label])
  }

  @Test(arguments: ["image=png, label=cls", " image = png ,\tlabel= cls "])
  func spacesAroundNamesAreNoPartOfThem(text: String) throws {
    #expect(try ColumnMapping(text) == (try ColumnMapping("image=png,label=cls")))
    #expect(try ColumnMapping("my image=png").columns[0].tensor == "my image")
  }

  /// The batch would refuse them later, and not in the words of the command.
  @Test func limitsOfABatchAreNamed() throws {
    let name = String(repeating: "n", count: 48)
    let error = #expect(throws: UsageError.self) { try ColumnMapping("\(name)=png") }
    #expect(error?.description.hasSuffix("the name \"\(name)\" has 48 bytes; shorten it to 47") == true)
    #expect(try ColumnMapping("\(name.dropLast())=png").columns.count == 1)
    let many = (0..<17).map { "c\($0)=cls" }
    let tooMany = #expect(throws: UsageError.self) { try ColumnMapping(many.joined(separator: ",")) }
    #expect(tooMany?.description.hasSuffix("17 columns are too many; name at most 16") == true)
    #expect(try ColumnMapping(many.dropLast().joined(separator: ",")).columns.count == 16)
  }

  @Test func withoutTheOptionThereIsAnImageAndALabelWhereThereAreLabels() throws {
    #expect(ColumnMapping.automatic(hasLabel: true) == (try ColumnMapping("image=png/jpg/jpeg/webp,label=cls")))
    #expect(ColumnMapping.automatic(hasLabel: false) == (try ColumnMapping("image=png/jpg/jpeg/webp")))
  }

  @Test(arguments: [
    ("", "\"\" is not of the form"), ("image", "\"image\" is not of the form"), ("=png", "\"=png\" is not of the form"),
    ("image=", "\"image=\" is not of the form"), ("a=png,", "\"\" is not of the form"),
    (" = png", "\"= png\" is not of the form"),
    ("a=b=png", "\"a=b=png\" is not of the form"), ("a=txt", "field \"txt\" cannot be batched"),
    (
      "a=json", "field \"json\" cannot be batched; name images (png, jpg, jpeg, webp) and cls (labels) fields alone"
    ),
    ("a=png/cls", "field \"png/cls\" cannot be batched"), ("a=png/", "field \"png/\" cannot be batched"),
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
    #expect(error?.description.contains("WIDTHxHEIGHT in pixels, each from 1 to 65535, such as 224x224") == true)
  }
}
