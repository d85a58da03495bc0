import Testing

@testable import HeadraceWorker

@Suite struct LineSplitterTests {
  private let text = Array("one\n\nthree, longer\nfour".utf8)

  @Test func whereverItIsCutTheLinesAreTheSame() {
    for first in 0...text.count {
      for second in first...text.count {
        var splitter = LineSplitter()
        var lines: [[UInt8]] = []
        for piece in [text[..<first], text[first..<second], text[second...]] { lines += splitter.take(piece) }
        if let rest = splitter.end() { lines.append(rest) }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["one", "", "three, longer", "four"])
        #expect(splitter.end() == nil)
      }
    }
  }

  @Test func aLineOfTheLogEndsWhatWasBegunBeforeIt() {
    let text = Array("loading\u{1E}info\n\u{1E}next\u{1E}last\n".utf8)
    for cut in 0...text.count {
      var splitter = LineSplitter()
      let lines = splitter.take(text[..<cut]) + splitter.take(text[cut...])
      #expect(
        lines.map { String(decoding: $0, as: UTF8.self) }
          == ["loading", "\u{1E}info", "\u{1E}next", "\u{1E}last"])
    }
  }

  @Test(arguments: [0, 1, 2, 3]) func ofALineThatIsTooLongTheBeginningIsTaken(more: Int) {
    let length = LineSplitter.longestLine - 1 + more
    let bytes = [UInt8](repeating: 65, count: length) + Array("\nnext\n".utf8)
    for piece in [1, 7, 4_096, bytes.count] {
      var splitter = LineSplitter()
      var lines: [[UInt8]] = []
      for start in stride(from: 0, to: bytes.count, by: piece) {
        lines += splitter.take(bytes[start..<min(start + piece, bytes.count)])
      }
      #expect(lines.map(\.count) == [min(length, LineSplitter.longestLine), 4])
    }
  }
}
