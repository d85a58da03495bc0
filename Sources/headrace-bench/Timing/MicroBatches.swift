import Headrace
import HeadraceSystem

/// How long requests wait for the others of their call.
enum MicroBatches {
  /// Two groups of four that come at once; a call takes 200 ms. Milliseconds until the last result of the second.
  static func secondGroup() throws -> Double {
    let waits = try answer(Array(repeating: 0, count: 8), maximum: 4, within: .milliseconds(10), callMilliseconds: 200)
    return waits.max() ?? .infinity
  }

  /// Requests that come alone: milliseconds that each waits, at most 50 for others.
  static func lone(count: Int) throws -> [Double] {
    // Apart by a time that is no multiple of anything that the engine does.
    let times = (0...count).map { Double($0) * 83.7 }
    // The last one does not wait: nothing can come after it any more.
    return try answer(times, maximum: 32, within: .milliseconds(50), callMilliseconds: 0).dropLast()
  }

  /// Milliseconds from each request to its answer.
  private static func answer(
    _ times: [Double], maximum: Int, within: Duration, callMilliseconds: Double
  ) throws -> [Double] {
    let pipeline = Pipeline("requests", from: Requests(times: times))
      .microBatch("model", max: maximum, within: within) { requests in
        if callMilliseconds > 0 { Pause.milliseconds(callMilliseconds) }
        return requests
      }
    var answers = try pipeline.run(threads: 4, epochs: 1)
    var waits: [Double] = []
    while let request = try answers.next() {
      guard request.number == waits.count else { throw WrongCount(expected: waits.count, found: request.number) }
      waits.append(Double(MonotonicClock.now - request.arrival) / 1e6)
    }
    guard waits.count == times.count else { throw WrongCount(expected: times.count, found: waits.count) }
    return waits
  }
}
