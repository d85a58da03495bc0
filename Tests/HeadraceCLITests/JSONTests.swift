import Foundation
import Testing

@testable import HeadraceCLI

/// Output for programs, which may be simple ones.
@Suite struct JSONTests {
  private struct Sample: Encodable {
    var text = ""
    var number = 0.0
    var isThere = true
  }

  @Test(arguments: [
    (8.68e-05, "0.0000868"), (1e-9, "0.000000001"), (-2.5e-7, "-0.00000025"), (0.1, "0.1"), (0, "0"), (12, "12"),
    (28_053.75, "28053.75"), (1e16, "10000000000000000"), (1.25e21, "1250000000000000000000"),
    (1.234_567_890_123_456_7e-5, "0.000012345678901234568"),
  ])
  func numbersHaveNoExponentAndLoseNoDigit(number: Double, text: String) throws {
    #expect(try JSON.line(Sample(number: number)) == #"{"is_there":true,"number":\#(text),"text":""}"# + "\n")
    #expect(Double(text) == number)
  }

  @Test(arguments: ["8.68e-05", "\\", "\\\"1e-5", "1e5\"", "\n1e-5\u{1F600}", "e", ""])
  func textsStayAsTheyAre(text: String) throws {
    let line = try JSON.line(Sample(text: text, number: 1e-5))
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    #expect(object?["text"] as? String == text, "\(line)")
    #expect(line.contains(#""number":0.00001,"#), "\(line)")
  }
}
