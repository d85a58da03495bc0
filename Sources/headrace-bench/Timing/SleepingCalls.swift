import Headrace
import HeadraceSystem

/// Many calls that sleep, all at once: on as many threads, and as `async` operations on one.
enum SleepingCalls {
  static let count = 64
  static let milliseconds = 100.0

  struct Outcome {
    var milliseconds: Double
    /// The most threads of the pipeline itself that there were: its lanes, and its clock.
    var pipelineThreads: Int
    /// The most threads that the process had beyond those before: with those that Dispatch starts for `Task.sleep`.
    var processThreads: Int
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
      }, threads: 1)
  }

  private static func measure(_ pipeline: Pipeline<Int>, threads: Int) throws -> Outcome {
    let before = try settledThreadCount().all
    let start = MonotonicClock.now
    var elements = try pipeline.run(threads: threads, epochs: 1)
    var most = (own: 0, all: 0)
    var taken = 0
    while try elements.next() != nil {
      if taken % 16 == 0 {
        let now = try threadCount()
        most = (max(most.own, now.own), max(most.all, now.all))
      }
      taken += 1
    }
    let elapsed = Double(MonotonicClock.now - start) / 1e6
    guard taken == count else { throw WrongCount(expected: count, found: taken) }
    return Outcome(milliseconds: elapsed, pipelineThreads: most.own, processThreads: most.all - before)
  }

  /// Threads of the process once those of experiments before have ended.
  private static func settledThreadCount() throws -> (own: Int, all: Int) {
    var count = try threadCount()
    for _ in 0..<50 {
      Pause.milliseconds(40)
      let now = try threadCount()
      if now.all >= count.all { return now }
      count = now
    }
    return count
  }

  /// Threads that bear a name of Headrace's, and all.
  private static func threadCount() throws -> (own: Int, all: Int) {
    let threads = try FileSystem.entries(of: "/proc/self/task").map(\.name)
    let own = threads.count { SmallFile.read("/proc/self/task/\($0)/comm")?.hasPrefix("headrace-") == true }
    // The first thread has the program's name, which may begin like this.
    let first = SmallFile.read("/proc/self/comm")?.hasPrefix("headrace-") == true ? 1 : 0
    return (own - first, threads.count)
  }
}
