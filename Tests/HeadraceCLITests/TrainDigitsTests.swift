import Foundation
import HeadraceTestSupport
import Testing

/// What the example shows while it trains.
@Suite(.enabled(if: ReadEnd.hasPseudoTerminals, "no pseudo-terminals here: mount /dev/pts"))
struct TrainDigitsTests {
  @Test func wideTerminalHasABarAndAllFigures() throws {
    let line = try #require(try drawings(on: .pseudoTerminal).last)
    #expect(
      line.wholeMatch(of: /\[#+\] epoch 2\/2  loss 0\.\d{4} +[0-9,]+ images\/s  waiting +\d+ %/) != nil, "\(line)")
  }

  /// Of 30 columns: the rate has no room, and a part of it would be another rate.
  @Test func narrowTerminalHasWholeFigures() throws {
    let lines = try drawings(on: .narrowTerminal)
    #expect(lines.allSatisfy { $0.wholeMatch(of: /epoch [12]\/2  loss \d\.\d{4}/) != nil }, "\(lines)")
    #expect(lines.last?.hasPrefix("epoch 2/2") == true, "\(lines)")
  }

  @Test(arguments: ["dumb", "", nil])
  func terminalThatCannotMoveTheCursorHasALineForEachEpoch(type: String?) throws {
    let outcome = try train(on: .pseudoTerminal, type)
    #expect(!outcome.output.contains("\u{1B}"))
    let lines = outcome.output.split(whereSeparator: \.isNewline)
    #expect(lines.prefix(3).map { $0.prefix(9) } == ["epoch 1/2", "epoch 2/2", "test accu"], "\(lines)")
  }

  /// Each drawing of the bar, without what moves the cursor.
  private func drawings(on terminal: Child.Stream) throws -> [String] {
    try train(on: terminal).output.split(whereSeparator: \.isNewline).filter { $0.hasSuffix("\u{1B}[K") }
      .map { String($0).replacing(/\x1B\[[A-Z]/, with: "") }
  }

  private func train(on terminal: Child.Stream, _ type: String? = "xterm") throws -> Outcome {
    let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let child = try Child(
      ["--epochs", "2", "--data", root.appendingPathComponent("Examples/Data").path],
      program: try BuiltProgram.named("TrainDigits").path, terminal: type, output: terminal)
    return try child.finish()
  }
}
