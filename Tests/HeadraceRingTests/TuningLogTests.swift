import HeadraceCore
import Testing

@testable import HeadraceRing

@Suite struct TuningLogTests {
  private func note(_ number: Int) -> TuningNote {
    TuningNote(
      seconds: Double(number) / 8, stage: "stage \(number)", from: number, to: number + 1, reason: "reason \(number)")
  }

  @Test func theNewest63AreThereInTheOrderInWhichTheyWereMade() throws {
    let log = TuningLog(try Ring.small())
    #expect(log.read().isEmpty)
    for written in 1...150 {
      log.append(note(written - 1))
      #expect(log.read() == (max(0, written - 63)..<written).map(note))
    }
  }

  @Test func whatIsTooLongIsCutBetweenScalars() throws {
    let log = TuningLog(try Ring.small())
    let long = String(repeating: "é", count: 300)
    log.append(TuningNote(seconds: 1, stage: "x" + long, from: 1, to: 2, reason: "x" + long))
    let read = try #require(log.read().first)
    #expect(read.stage == "x" + String(repeating: "é", count: 19))
    #expect(read.reason == "x" + String(repeating: "é", count: 219))
    log.append(note(1))
    #expect(log.read().last == note(1))
  }
}
