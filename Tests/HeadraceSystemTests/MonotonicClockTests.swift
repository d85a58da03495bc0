import HeadraceSystem
import Testing

@Suite struct MonotonicClockTests {
  @Test func theClockNeverGoesBack() {
    var last = MonotonicClock.now
    for _ in 0..<10_000 {
      let now = MonotonicClock.now
      #expect(now >= last)
      last = now
    }
  }

  @Test func aDeadlineIsTheDurationFromNow() throws {
    for (duration, nanoseconds) in [
      (Duration.zero, 0), (.nanoseconds(1), 1), (.microseconds(1), 1000), (.milliseconds(1500), 1_500_000_000),
      (.seconds(3600), 3_600_000_000_000),
    ] as [(Duration, UInt64)] {
      let before = MonotonicClock.now
      let deadline = try #require(MonotonicClock.deadline(after: duration))
      #expect(deadline >= before + nanoseconds && deadline <= MonotonicClock.now + nanoseconds)
    }
  }

  @Test(arguments: [
    Duration.nanoseconds(-1), .milliseconds(-5), .seconds(-1), .milliseconds(-1500), .seconds(-1_000_000_000),
    Duration(secondsComponent: .min, attosecondsComponent: 0),
    Duration(secondsComponent: -1, attosecondsComponent: 999_999_999_999_999_999),
  ]) func aNegativeDurationIsOverNow(duration: Duration) throws {
    let before = MonotonicClock.now
    let deadline = try #require(MonotonicClock.deadline(after: duration))
    #expect(deadline >= before && deadline <= MonotonicClock.now)
  }

  @Test(arguments: [
    Duration.seconds(Int64.max), .seconds(Int64.max / 2), .seconds(18_446_744_074),
    Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999),
    // Fits the clock, but not from now on.
    Duration.nanoseconds(Int64.max) + .nanoseconds(Int64.max),
  ]) func aDurationPastTheEndOfTheClockHasNoDeadline(duration: Duration) {
    #expect(MonotonicClock.deadline(after: duration) == nil)
  }

  @Test func aCenturyIsADeadline() throws {
    let century = Duration.seconds(100 * 365 * 86_400)
    #expect(try #require(MonotonicClock.deadline(after: century)) > MonotonicClock.now)
  }
}
