import Headrace
import HeadraceSystem

/// Many calls that sleep, all at once: on as many threads, and as `async` operations on two.
enum SleepingCalls {
  static let count = 64
  static let milliseconds = 100.0

  struct Outcome {
    var milliseconds: Double
    /// The most threads that the process had, beyond those that it had before: the pipeline's, its clock, and those that
    /// Dispatch starts for `Task.sleep`.
    var threads: Int
  }

  static func blocking() throws -> Outcome {
    try measure(
      Pipeline(from: 0..<count).map("sleep", concurrency: .fixed(count)) { value in
        Pause.milliseconds(milliseconds)
        return value
      }, threads: count)
  }

  static func suspending() throws -> Outcome {
    try measure(
      Pipeline(from: 0..<count).map("sleep", concurrency: .fixed(count)) { value in
        try await Task.sleep(nanoseconds: UInt64(milliseconds * 1e6))
        return value
      }, threads: 2)
  }

  private static func measure(_ pipeline: Pipeline<Int>, threads: Int) throws -> Outcome {
    let before = try threadCount()
    let start = MonotonicClock.now
    var elements = try pipeline.run(threads: threads, epochs: 1)
    var most = 0
    var taken = 0
    while try elements.next() != nil {
      if taken % 16 == 0 { most = max(most, try threadCount()) }
      taken += 1
    }
    let elapsed = Double(MonotonicClock.now - start) / 1e6
    guard taken == count else { throw WrongCount(expected: count, found: taken) }
    return Outcome(milliseconds: elapsed, threads: most - before)
  }

  private static func threadCount() throws -> Int {
    try ProcessResources(processID: Int32(ProcessIdentity.current.processID), withPSS: false).threadCount
  }
}
