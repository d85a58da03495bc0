import Testing

@testable import HeadraceCLI

/// Help is laid out in two columns, wrapped at 80 characters.
@Suite struct HelpTextTests {
  @Test func optionsAreAlignedAndWrapped() {
    let words = (1...40).map { "word\($0)" }.joined(separator: " ")
    let help = HelpText(
      usage: "tool THING", about: "Does it.", options: [.one("--long-name", "VALUE", words), .flag("--on", "switch")],
      examples: ["tool a", "tool b"])
    #expect(
      help.description == """
        usage: tool THING

        Does it.

        options:
          --long-name VALUE  word1 word2 word3 word4 word5 word6 word7 word8 word9
                             word10 word11 word12 word13 word14 word15 word16 word17
                             word18 word19 word20 word21 word22 word23 word24 word25
                             word26 word27 word28 word29 word30 word31 word32 word33
                             word34 word35 word36 word37 word38 word39 word40
          --on               switch

        examples:
          tool a
          tool b

        """)
  }

  @Test func noLineIsLongerThanNeededAndNoWordIsLost() {
    for length in 1...120 {
      let text = (0..<30).map { String(repeating: "x", count: ($0 * length) % 17 + 1) }.joined(separator: " ")
      let lines = HelpText(usage: "u", about: "a", options: [.flag("--f", text)], examples: []).description
        .split(separator: "\n").dropFirst(3)
      #expect(lines.allSatisfy { $0.count <= 80 })
      #expect(lines.joined(separator: " ").split(separator: " ").joined(separator: " ") == "--f \(text)")
    }
  }

  @Test func wordLongerThanTheLineStaysWhole() {
    let long = String(repeating: "y", count: 200)
    let help = HelpText(usage: "u", about: "a", options: [.flag("--f", "a \(long) b")], examples: [])
    #expect(help.description.hasSuffix("options:\n  --f  a\n       \(long)\n       b\n"))
  }
}
