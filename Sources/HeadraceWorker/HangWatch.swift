import HeadraceRing
import HeadraceSystem

/// Ends the worker where a reader waits and nothing has changed for too long: neither what is at work nor what is out.
/// Within the supervisor.
final class HangWatch: Attendant {
  private struct Look: Equatable {
    var published: UInt64
    var work: [InFlightTable.Entry]
  }

  private let ring: Ring
  private let limit: UInt64
  private let exits: ExitRecorder
  private var last: Look?
  /// Whether there is a worker.
  private var isThere = false
  private var changed = MonotonicClock.now
  private var nextLook = MonotonicClock.now

  init(_ ring: Ring, limit: UInt64, _ exits: ExitRecorder) {
    self.ring = ring
    self.limit = limit
    self.exits = exits
  }

  var descriptors: [Int32] { [] }
  var due: UInt64? { nextLook }

  func willStartWorker() {
    last = nil
    isThere = true
  }

  // Its number may be another process's from here on.
  func workerHasEnded() { isThere = false }

  func attend(_ ready: Set<Int32>) -> Bool {
    let now = MonotonicClock.now
    guard now >= nextLook else { return true }
    nextLook = now + max(limit / 8, 1_000_000)
    let look = Look(published: ring.publishedCount, work: InFlightTable(ring).entries)
    // Who waits for nobody, or for work that a lane does not do, such as an operation's, does not hang.
    if look != last || look.work.isEmpty || !ring.isConsumerWaiting || !isThere {
      last = look
      changed = now
      return true
    }
    guard now - changed >= limit, let number = ring.workerProcessID,
      let process = try? ProcessHandle(processID: Int32(number))
    else { return true }
    changed = now
    exits.expect(
      Int32(number),
      "nothing has changed for \(Double(limit / 1_000_000) / 1000) s while a reader waited, which is hangLimit")
    process.send(9)
    return true
  }
}
