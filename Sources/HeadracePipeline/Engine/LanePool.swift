import Dispatch

/// The threads of a worker: lanes, each a serial Dispatch queue, which runs use one after the other.
///
/// Serial queues, because on Linux a concurrent queue has as many threads as the machine has cores and counts a thread
/// that sleeps in a read as busy: eight stages that sleep 0.1 s took 0.3 s on two cores, on eight serial queues 0.1 s.
public final class LanePool: Sendable {
  private let queues: [DispatchQueue]

  /// Makes the lanes; no thread starts before there is work.
  ///
  /// - Parameter threads: the most threads that run stages at one time.
  public init(threads: Int) {
    precondition(threads > 0, "a pool of \(threads) threads runs nothing")
    queues = (0..<threads).map { DispatchQueue(label: "headrace.lane.\($0)") }
  }

  var count: Int { queues.count }

  func start(_ lane: Int, _ work: @escaping @Sendable () -> Void) {
    queues[lane].async(execute: work)
  }
}
