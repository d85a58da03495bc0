import Glibc
import Testing

@testable import HeadraceSystem

@Suite struct WallTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z", "19700101T000000Z"), (-1, "1969-12-31T23:59:59.999Z", "19691231T235959Z"),
    (1_785_419_722_042, "2026-07-30T13:55:22.042Z", "20260730T135522Z"),
    (951_782_400_500, "2000-02-29T00:00:00.500Z", "20000229T000000Z"),
  ])
  func aMomentIsWrittenAsInTheCalendar(_ milliseconds: Int, _ text: String, _ compact: String) {
    let time = WallTime(milliseconds: milliseconds)
    #expect(time.description == text)
    #expect(time.compact == compact)
  }

  @Test func nowIsTheSystemsTime() {
    let before = time(nil)
    let now = WallTime.now.milliseconds / 1000
    let after = time(nil)
    // time(2) may lag by a tick.
    #expect((before - 1...after + 1).contains(now))
  }
}
