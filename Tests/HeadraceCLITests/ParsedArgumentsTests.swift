import Testing

@testable import HeadraceCLI

/// Words of a command line, sorted by option.
@Suite struct ParsedArgumentsTests {
  static let options: [Option] = [
    .many("--source", "PATH...", "many"), .one("--batch", "N", "one"), .one("--limit", "N", "one"),
    .flag("--json", "flag"),
  ]

  private func parse(_ words: String...) throws(UsageError) -> ParsedArguments {
    try ParsedArguments(words, options: Self.options, command: "test")
  }

  @Test func valuesFollowTheirOptionOrAnEqualsSign() throws {
    for arguments in [try parse("--batch", "64"), try parse("--batch=64")] {
      #expect(arguments.value("--batch") == "64")
      #expect(arguments.has("--batch"))
      #expect(!arguments.has("--json"))
      #expect(arguments.positional == [])
    }
    // Only the first sign divides, and what is behind it may be empty or begin with a dash.
    #expect(try parse("--batch=a=b").value("--batch") == "a=b")
    #expect(try parse("--batch=").value("--batch") == "")
    #expect(try parse("--batch=-x").value("--batch") == "-x")
  }

  @Test func manyTakesAllUpToTheNextOption() throws {
    #expect(try parse("--source", "a", "b", "c", "--json").all("--source") == ["a", "b", "c"])
    #expect(try parse("--source=a", "b", "--json", "--source", "c").all("--source") == ["a", "b", "c"])
    #expect(try parse("--json").all("--source") == [])
    // A lone dash is a value, and so is a word that is empty.
    #expect(try parse("--source", "-", "").all("--source") == ["-", ""])
  }

  /// The last one would win silently, and a command line in a script would do what its first half does not say.
  @Test func optionOfOneValueIsGivenOnce() throws {
    let error = #expect(throws: UsageError.self) { try parse("--batch", "8", "--json", "--batch=16") }
    #expect(error?.description == "--batch is given twice, as 8 and 16; give it once")
    #expect(throws: UsageError.self) { try parse("--batch=8", "--batch=8") }
    // Twice the same flag asks for nothing else.
    #expect(try parse("--json", "--json").has("--json"))
  }

  @Test func oneTakesOneAndTheRestIsPositional() throws {
    #expect(try parse("--batch", "1", "2", "3").positional == ["2", "3"])
    #expect(try parse("a", "--json", "b", "-").positional == ["a", "b", "-"])
  }

  @Test func negativeNumbersAreValuesAndOtherDashesAreOptions() throws {
    #expect(try parse("--batch", "-3").value("--batch") == "-3")
    #expect(try parse("--source", "-3", "-0").all("--source") == ["-3", "-0"])
    #expect(throws: UsageError.self) { try parse("--batch", "-x") }
    #expect(throws: UsageError.self) { try parse("--batch", "-1.5") }
    #expect(throws: UsageError.self) { try parse("-3") }
  }

  @Test func integersHaveBoundsAndDefaults() throws {
    let arguments = try parse("--batch", "7")
    #expect(try arguments.integer("--batch", in: 7...7, default: 1) == 7)
    #expect(try arguments.integer("--limit", in: 0...9, default: 5) == 5)
    #expect(try arguments.integer("--limit", in: 0...9) == nil)
    #expect(throws: UsageError.self) { try arguments.integer("--batch", in: 0...6) }
    for text in ["", " 7", "7 ", "0x7", "7e0", "seven", "99999999999999999999"] {
      #expect(throws: UsageError.self, "\(text)") { try parse("--batch=\(text)").integer("--batch", in: 0...9) }
    }
  }

  @Test func choicesAreAmongTheWords() throws {
    let choices = [("one", 1), ("two", 2)]
    #expect(try parse("--batch", "two").choice("--batch", choices, default: 1) == 2)
    #expect(try parse().choice("--batch", choices, default: 1) == 1)
    #expect(throws: UsageError.self) { try parse("--batch", "Two").choice("--batch", choices, default: 1) }
  }

  @Test(arguments: [
    (["--jso"], "unknown option --jso (did you mean --json?); see 'headrace test --help'"),
    (["--jean"], "unknown option --jean; see 'headrace test --help'"),
    (["--bacth"], "unknown option --bacth (did you mean --batch?); see 'headrace test --help'"),
    (["--patches"], "unknown option --patches; see 'headrace test --help'"),
    (["--xyzxyz"], "unknown option --xyzxyz; see 'headrace test --help'"),
    (["--batch"], "--batch needs a value: --batch N"),
    (["--source", "--json"], "--source needs a value: --source PATH..."),
    (["--json=1"], "--json takes no value, got \"1\""),
  ])
  func mistakesAreExplained(words: [String], text: String) {
    let error = #expect(throws: UsageError.self) {
      try ParsedArguments(words, options: Self.options, command: "test")
    }
    #expect(error?.description == text)
  }
}
