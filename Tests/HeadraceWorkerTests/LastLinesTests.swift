import Testing

@testable import HeadraceWorker

@Suite struct LastLinesTests {
  @Test func theNewestTenAreKept() {
    var lines = LastLines()
    for number in 0..<25 {
      lines.add("line \(number)")
      #expect(lines.lines == (max(0, number - 9)...number).map { "line \($0)" })
    }
  }

  @Test func framesOfAStackAreLeftOut() {
    var lines = LastLines()
    let said = ["Decode.swift:12: Fatal error: no label", "3 files are missing", "7", "", "0x17 is no label"]
    let frames = [
      "Current stack trace:", "0    libswiftCore.so    0x00007f7dc2f278ec <unavailable> + 1087724",
      "12 [ra] [system] 0x00007f7dc2f278ec start_thread in libc.so.6", " 3 0x00007f7dc2f278ec main",
    ]
    for line in said + frames { lines.add(line) }
    #expect(lines.lines == said)
  }
}
