import HeadraceCore
import Testing

@Suite struct WrappedTextTests {
  @Test func aLineBreaksBetweenWordsAtColumn80() {
    let word = String(repeating: "a", count: 39)
    #expect(WrappedText.of("\(word) \(word) b") == "\(word) \(word)\nb")
    #expect(WrappedText.of("\(word) \(word)b", indent: 2) == "\(word)\n  \(word)b")
    #expect(WrappedText.of("\(word)\(word)\(word)") == "\(word)\(word)\(word)")
  }

  @Test(arguments: ["1 s", "97 %", "(12.4 ms),", "0.8 us.", "3.4 GB/s", "12.0 kB;", "about 5 B"])
  func aNumberStaysWithItsUnit(text: String) {
    let words = text.split(separator: " ")
    let (number, unit) = (words[words.count - 2], words[words.count - 1])
    // The number would fit, and its unit would not.
    let filler = String(repeating: "a", count: 79 - number.count)
    #expect(WrappedText.of("\(filler) \(number) \(unit) b") == "\(filler)\n\(number) \(unit) b")
  }

  @Test func aNumberDoesNotStayWithAnyOtherWord() {
    let filler = String(repeating: "a", count: 78)
    #expect(WrappedText.of("\(filler) 4 calls") == "\(filler) 4\ncalls")
    #expect(WrappedText.of("\(filler) x s") == "\(filler) x\ns")
  }
}
