/// The threads of a worker: lanes, each with a thread of its own, which runs use one after the other.
///
/// Threads that are made once, and not Dispatch queues, because Dispatch is never told that the system refuses a
/// thread: it tries again for ever, and whoever waits for the work waits with it. Here a refusal is an error at the
/// start, and from then on nothing can be refused.
///
/// Letting go of the pool ends its threads: each as soon as it has nothing to do.
package final class LanePool: Sendable {
  let lanes: [Lane]

  /// Makes the lanes and their threads.
  ///
  /// - Parameters:
  ///   - threads: the most samples that are worked on at one time, whatever the stages' concurrency.
  ///   - niceness: what has been added to that of the process for threads that this one starts.
  ///   - startThread: starts a thread that runs what it is given, and returns at once.
  /// - Throws: what `startThread` throws for the first thread that it cannot start; those before it end.
  package init<Refusal: Error>(
    threads: Int, niceness: Int = 0,
    startThread: (_ name: String, _ body: @escaping @Sendable () -> Void) throws(Refusal) -> Void
  ) throws(Refusal) {
    precondition(threads > 0, "a pool of \(threads) threads runs nothing")
    var lanes: [Lane] = []
    do throws(Refusal) {
      for index in 0..<threads {
        let lane = Lane(niceness: niceness)
        try startThread("headrace-\(index)") { lane.serve() }
        lanes.append(lane)
      }
    } catch {
      for lane in lanes { lane.end() }
      throw error
    }
    self.lanes = lanes
  }

  deinit {
    for lane in lanes { lane.end() }
  }

  var count: Int { lanes.count }
}
