import Glibc

/// A moment by the calendar, for files and names that people read. To measure, use `MonotonicClock`.
package struct WallTime: Hashable, Sendable, CustomStringConvertible {
  /// Milliseconds since the start of 1970, UTC.
  package var milliseconds: Int

  /// The moment that is so many milliseconds after the start of 1970, UTC.
  package init(milliseconds: Int) {
    self.milliseconds = milliseconds
  }

  /// Now, as far as the machine's clock is right. See `man 2 clock_gettime`, CLOCK_REALTIME.
  package static var now: WallTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return WallTime(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }

  /// As RFC 3339 has it: `2026-07-30T13:55:22.042Z`.
  package var description: String {
    let parts = calendar
    let date = "\(parts[0])-\(Self.digits(parts[1], 2))-\(Self.digits(parts[2], 2))"
    let time = parts[3...5].map { Self.digits($0, 2) }.joined(separator: ":")
    return "\(date)T\(time).\(Self.digits(parts[6], 3))Z"
  }

  /// To the second, for names of files: `20260730T135522Z`.
  package var compact: String {
    let parts = calendar[...5].map { Self.digits($0, 2) }
    return "\(parts[..<3].joined())T\(parts[3...].joined())Z"
  }

  /// Year, month, day, hour, minute, second, millisecond. See `man 3 gmtime_r`.
  private var calendar: [Int] {
    let fraction = milliseconds % 1000 < 0 ? milliseconds % 1000 + 1000 : milliseconds % 1000
    var seconds = (milliseconds - fraction) / 1000
    // Unsafe, since it holds the name of a time zone.
    var parts = unsafe tm()
    _ = unsafe gmtime_r(&seconds, &parts)
    let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
    let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
    return (date + time).map(Int.init) + [fraction]
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }
}
