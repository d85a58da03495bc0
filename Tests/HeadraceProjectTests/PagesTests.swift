import Foundation
import Headrace
import HeadraceTestSupport
import Testing

/// What pages of docs say of the sources and of the tests.
@Suite struct PagesTests {
  private static func read(_ path: String) throws -> String {
    try String(contentsOf: ProjectFolder.file(path), encoding: .utf8)
  }

  private static func page(_ name: String) throws -> FormatPage { try FormatPage(named: "../\(name)") }

  // MARK: stages.md

  /// Names of the cases of `StageDescription.Kind`.
  private static func kinds() throws -> [String] {
    let source = try read("Sources/HeadracePipeline/StageDescription.swift")
    return source.split(separator: "\n").compactMap { $0.wholeMatch(of: /\s*case `?(\w+)`?/).map { String($0.1) } }
  }

  /// Names of the stages that a cell names in code: of `batch(max:by:)`, batch.
  private static func stages(_ cell: String) -> [String] { cell.matches(of: /`(\w+)/).map { String($0.1) } }

  @Test func everyKindOfStageHasARowOrIsSaidToBePartOfOne() throws {
    let page = try Self.page("stages")
    let rows = Set(try page.table("All stages", "stage").rows.flatMap { Self.stages($0[0]) })
    let parts = try page.table("All stages", "kind").rows
    let kinds = try Self.kinds()
    #expect(kinds.contains("source") && kinds.contains("repeat") && kinds.contains("batch"))
    for kind in kinds where !rows.contains(kind) {
      let part = parts.first { $0[0] == "`\(kind)`" }
      #expect(part != nil, "\(kind) has no row")
    }
    for part in parts {
      #expect(kinds.contains(part[0].filter { $0 != "`" }), "\(part[0]) is no kind of stage")
      let stages = Self.stages(part[1])
      #expect(!stages.isEmpty, "\(part[0]) is part of nothing")
      for stage in stages { #expect(rows.contains(stage), "\(stage), of \(part[0]), has no row") }
    }
  }

  @Test func everyExampleOfAStageIsOneThatCompilesAndPlans() throws {
    try StageExamples.plan()
    let compiled = try Self.read("Tests/HeadraceProjectTests/Support/StageExamples.swift").filter { !$0.isWhitespace }
    let rows = try Self.page("stages").table("All stages", "stage").rows
    for row in rows {
      // Between backticks, two of them where the example has one itself.
      let example = row[4].replacing(/^`+|`+$/, with: "")
      #expect(!example.isEmpty && compiled.contains(example.filter { !$0.isWhitespace }), "\(example)")
    }
  }

  @Test(arguments: [("stages", 10), ("errors", 1), ("formats/shards", 2)])
  func everyLongerExampleOfAPageIsOneThatCompiles(name: String, leastCount: Int) throws {
    let compiled = try Self.read("Tests/HeadraceProjectTests/Support/StagePageExamples.swift").filter {
      !$0.isWhitespace
    }
    let blocks = try Self.page(name).text.components(separatedBy: "```swift\n").dropFirst()
    #expect(blocks.count >= leastCount)
    for block in blocks {
      let code = block.components(separatedBy: "```")[0].replacing("import Headrace\n", with: "")
      #expect(compiled.contains(code.filter { !$0.isWhitespace }), "StagePageExamples has no \(code)")
    }
  }

  @Test func theExamplesOfRecordsAndImagesReadWhatIsInTheFiles() throws {
    let watchdog = Watchdog(seconds: 300)
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    for (index, size) in [(30, 20), (20, 45), (96, 64)].enumerated() {
      let image = Image(
        width: size.0, height: size.1, channels: .rgb,
        pixels: Array(repeating: UInt8(index + 1), count: 3 * size.0 * size.1))
      try Data(PNG.encode(image)).write(to: URL(fileURLWithPath: folder.file("\(index).png")))
    }
    let (resized, readResized) = try StagePageExamples.photographs(folder.path)
    var batches = try runPipelineInSubprocess(resized, epochs: 1, placement: .sameProcess)
    if let batch = try batches.next() {
      try readResized(batch)
      let pixels = try batch.tensor("image", as: UInt8.self)
      #expect([0, 1, 2].map { pixels[$0 * 64 * 96 * 3] } == [1, 2, 3])
    }
    let (padded, readPadded) = try StagePageExamples.paddedPhotographs(folder.path)
    batches = try runPipelineInSubprocess(padded, epochs: 1, placement: .sameProcess)
    if let batch = try batches.next() {
      try readPadded(batch)
      #expect(try batch.shape(of: "image") == [3, 64, 96, 3])
      let lengths = try batch.tensor("image.lengths", as: Int32.self)
      #expect(lengths.indices.map { lengths[$0] } == [20, 30, 45, 20, 64, 96])
    }
  }

  // MARK: starting.md

  @Test func everyParameterOfTheCallHasARowWithItsDefault() throws {
    let page = try Self.page("starting")
    let block = try #require(page.text.components(separatedBy: "```swift\npublic func").dropFirst().first)
    let signature = "public func" + block.components(separatedBy: "```")[0]
    let source = try Self.read("Sources/HeadraceWorker/Start/RunPipelineInSubprocess.swift")
    #expect(source.filter { !$0.isWhitespace }.contains(signature.filter { !$0.isWhitespace }))
    let parameters = signature.matches(of: /(\w+): [A-Z][A-Za-z]*\??(?: = ([^,\n]+?))?(?:,|\n)/).dropFirst()
    let rows = try page.table("All parameters", "parameter").rows
    #expect(rows.map { $0[0] } == parameters.map { "`\($0.1):`" })
    for (row, parameter) in zip(rows, parameters) {
      guard let value = parameter.2, value.first?.isNumber == true || value.hasPrefix(".") else { continue }
      let text = value.hasPrefix(".seconds") ? "2 seconds" : String(value)
      #expect(row[1].contains(text), "\(row[0]) \(text)")
    }
  }

  // MARK: errors.md

  @Test func everyCodeOfAnErrorHasARow() throws {
    let rows = try Self.page("errors").tables[0].rows.map { $0[0].filter { $0 != "`" } }
    let codes = (1...UInt32(rows.count + 1)).compactMap { HeadraceError.Code(rawValue: $0)?.description }
    #expect(rows == codes)
  }

  // MARK: parity.md

  /// Names of all functions marked as tests.
  private static func tests() throws -> Set<String> {
    var names: Set<String> = []
    let folder = ProjectFolder.file("Tests")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      var isMarked = false
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: /@Test\b|\bfunc (\w+)/) {
        if let name = match.1, isMarked { names.insert(String(name)) }
        isMarked = match.1 == nil
      }
    }
    return names
  }

  @Test func everyMistakeOfAnotherLoaderNamesTestsThatExist() throws {
    let tests = try Self.tests()
    let rows = try Self.page("parity").tables.filter { $0.columns.last == "test" }.flatMap(\.rows)
    #expect(rows.map { $0[0] } == (1...20).map(String.init))
    for row in rows {
      let named = row[3].matches(of: /`(\w+)`/).map { String($0.1) }
      #expect(!named.isEmpty, "row \(row[0]) names no test")
      for name in named { #expect(tests.contains(name), "row \(row[0]) names \(name), which is no test") }
    }
  }
}
