import Headrace
import HeadraceSystem
import Synchronization

/// One sample among many that takes two seconds.
struct Straggler {
  static let count = 10_000
  static let milliseconds = 2_000.0
  /// Which one.
  static let position = 5_000

  var nextP99Milliseconds: Double
  var nextMaxMilliseconds: Double
  /// Samples that were done while it took its time.
  var doneMeanwhile: Int

  static func measure(_ ordering: Ordering, prefetch: Int) throws -> Straggler {
    let done = Counter()
    let meanwhile = Counter()
    let pipeline = Pipeline(from: 0..<count)
      .map("work", concurrency: 4, ordering: ordering) { number in
        guard number == position else {
          Pause.milliseconds(0.1)
          done.add(1)
          return number
        }
        let before = done.value
        Pause.milliseconds(milliseconds)
        meanwhile.add(done.value - before)
        return number
      }
      .prefetch(prefetch)
    var elements = try pipeline.run(threads: 4, epochs: 1)
    var waits: [Double] = []
    waits.reserveCapacity(count)
    while true {
      let start = MonotonicClock.now
      guard try elements.next() != nil else { break }
      waits.append(Double(MonotonicClock.now - start) / 1e6)
    }
    guard waits.count == count else { throw WrongCount(expected: count, found: waits.count) }
    let quantiles = Quantiles(waits)
    return Straggler(
      nextP99Milliseconds: quantiles[0.99] ?? .infinity, nextMaxMilliseconds: waits.max() ?? .infinity,
      doneMeanwhile: meanwhile.value)
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add(_ number: Int) { count.add(number, ordering: .relaxed) }
  }
}
