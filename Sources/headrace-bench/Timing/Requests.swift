import Headrace
import HeadraceSystem

/// A source of requests that come at given times after its start.
struct Requests: Source {
  /// A request, and when it came on the monotonic clock.
  struct Request: Sendable {
    var number: Int
    var arrival: UInt64
  }

  /// Milliseconds after the start.
  let times: [Double]
  var name: String { "requests" }

  func makeReader(epoch: Int) -> Reader { Reader(times: times, start: MonotonicClock.now) }

  struct Reader: SourceReader {
    let times: [Double]
    let start: UInt64
    var number = 0

    mutating func next() -> Request? {
      guard number < times.count else { return nil }
      defer { number += 1 }
      _ = Poll.wait(-1, until: start + UInt64(times[number] * 1e6))
      return Request(number: number, arrival: MonotonicClock.now)
    }
  }
}
