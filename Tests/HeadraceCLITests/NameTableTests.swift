import Testing

@testable import HeadraceCLI

/// Names in tables: how wide they are, and how they are shortened.
@Suite struct NameTableTests {
  @Test(arguments: [
    ("", 0), ("cat-1", 5), ("\u{E9}", 1), ("e\u{301}", 1), ("\u{732B}", 2), ("\u{304B}\u{3099}", 2), ("\u{AC00}", 2),
    ("\u{1100}\u{1161}", 2), ("\u{FF21}", 2), ("\u{FF71}", 1), ("\u{20000}", 2), ("\u{1F408}", 2), ("\u{416}", 1),
  ])
  func widthIsThatOnATerminal(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(arguments: [
    ("abcdefghij", 10, "abcdefghij"), ("abcdefghijk", 10, "abc...hijk"), ("abcdefghijk", 9, "abc...ijk"),
    ("abcdefghijk", 4, "...k"), ("\u{732B}\u{732B}\u{732B}", 6, "\u{732B}\u{732B}\u{732B}"),
    ("\u{732B}\u{732B}\u{732B}\u{732B}", 7, "\u{732B}...\u{732B}"),
    ("\u{732B}\u{732B}\u{732B}\u{732B}", 6, "...\u{732B}"),
  ])
  func beginningAndEndAreKept(text: String, columns: Int, short: String) {
    #expect(DisplayWidth.shortened(text, to: columns) == short)
  }

  @Test func columnsAreAlignedWhateverTheScript() {
    let rows = [["class", "label"], ["cat", "0"], ["\u{732B}\u{732B}\u{732B}\u{732B}", "1"]]
    #expect(
      NameTable(rows: rows, columns: nil).description == """
        class     label
        cat           0
        \u{732B}\u{732B}\u{732B}\u{732B}      1
        """)
  }

  /// Of 25 columns, 7 are those of the labels.
  @Test func namesTakeTheColumnsThatTheOthersLeave() {
    let rows = [["class", "label"], ["abcdefghijklmnopqrs", "0"], ["b", "1"]]
    #expect(
      NameTable(rows: rows, columns: 25).description == """
        class               label
        abcdefg...lmnopqrs      0
        b                       1
        """)
    #expect(NameTable(rows: rows, columns: 26).description.contains("abcdefghijklmnopqrs      0"))
    #expect(NameTable(rows: rows, columns: 1).description.contains("abcd...opqrs      0"))
  }
}
