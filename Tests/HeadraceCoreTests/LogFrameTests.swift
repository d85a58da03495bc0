import Testing

@testable import HeadraceCore

@Suite struct LogFrameTests {
  @Test(arguments: LogLevel.allCases) func whatIsSentIsRead(level: LogLevel) {
    for stage in [nil, "decode", "Bilder dekodieren"] {
      for sample in [nil, "a/b.png", "sample 17"] {
        for text in ["", "no label", "ä…\u{1F}between", "carriage\r"] {
          let frame = LogFrame(level: level, stage: stage, sample: sample, text: text)
          #expect(frame.bytes.last == UInt8(ascii: "\n"))
          #expect(LogFrame(line: frame.bytes.dropLast()) == frame)
        }
      }
    }
  }

  @Test(arguments: ["\n", "\r\n"]) func aTextOfSeveralLinesIsSeveralFrames(feed: String) {
    let frames = LogFrame.frames(.info, stage: "s", sample: nil, text: "one\(feed)\(feed)three")
    #expect(frames.map { $0.text.filter { $0 != "\r" } } == ["one", "", "three"])
    for frame in frames { #expect(frame.bytes.count { $0 == 10 } == 1) }
  }

  @Test func aLineFromElsewhereIsATextWithoutLevel() {
    for line in [
      "Fatal error: Index out of range", "", "\u{1E}", "\u{1E}loud\u{1F}a\u{1F}b\u{1F}c", "\u{1E}info\u{1F}a",
    ] {
      #expect(LogFrame(line: line.utf8) == LogFrame(text: line))
    }
  }

  @Test(arguments: [799, 800, 801, 5_000]) func aLongTextIsCutBetweenScalarsAndFitsAPipe(length: Int) {
    for letter in ["x", "ä", "…"] {
      let text = String(repeating: letter, count: length / letter.utf8.count)
      let frame = LogFrame(level: .critical, stage: String(repeating: "s", count: 900), sample: text, text: text)
      #expect(frame.bytes.count <= 1_024)
      let read = LogFrame(line: frame.bytes.dropLast())
      #expect(read.text.utf8.count <= LogFrame.textByteCount)
      #expect(text.utf8.count <= LogFrame.textByteCount ? read.text == text : read.text.hasSuffix("…"))
      #expect(!read.text.contains("\u{FFFD}") && read.stage?.isEmpty == false)
    }
  }

  @Test(arguments: [100, 799, 800, 4_096]) func bytesThatAreNoTextBecomeOneThatFits(length: Int) throws {
    for frame in [
      LogFrame(line: [UInt8](repeating: 0xFF, count: length)),
      LogFrame(
        line: Array("\u{1E}info\u{1F}".utf8) + [UInt8](repeating: 0xC3, count: length) + Array("\u{1F}b\u{1F}c".utf8)),
    ] {
      let line = LogLine(
        level: frame.level, role: "worker", processID: 1, stage: frame.stage, sample: frame.sample, seconds: 0,
        text: frame.text)
      var bytes: [UInt8] = []
      try line.store(into: &bytes)
      #expect(bytes.count <= 1_280 - 8, "an entry of the ring's log")
    }
  }

  @Test func nothingInANameEndsALineOrAField() {
    let frame = LogFrame(level: .info, stage: "a\nb", sample: "c\u{1F}d", text: "e")
    #expect(LogFrame(line: frame.bytes.dropLast()) == LogFrame(level: .info, stage: "a b", sample: "c d", text: "e"))
  }

  @Test func aLineIsStoredWithAllItSays() throws {
    for level in [nil, LogLevel.warning] {
      let line = LogLine(
        level: level, role: "pool 3", processID: 17, stage: "decode", sample: nil, seconds: 1.5, text: "no label")
      var bytes: [UInt8] = []
      try line.store(into: &bytes)
      #expect(try LogLine(storedBytes: bytes.span) == line)
    }
  }
}
