import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Says once in the loader's log that readers are missing, where nothing is published for want of them for a while.
final class ReaderNotice: Attendant {
  private let ring: Ring
  private let log: LogDesk
  private let path: String
  private(set) var due: UInt64?

  /// - Parameters:
  ///   - path: where readers attach.
  ///   - patience: nanoseconds in which they may come without a word.
  init(_ ring: Ring, _ log: LogDesk, path: String, patience: UInt64 = 5_000_000_000) {
    self.ring = ring
    self.log = log
    self.path = path
    due = MonotonicClock.now + patience
  }

  var descriptors: [Int32] { [] }

  func attend(_ ready: Set<Int32>) -> Bool {
    guard let due, MonotonicClock.now >= due else { return true }
    self.due = nil
    let missing = ring.missingReaderCount
    if missing > 0 {
      log.say(
        .notice,
        "still waiting for \(missing) of \(HumanUnits.count(ring.awaitedReaderCount, "reader")) at \(path); no batch is"
          + " handed out until all have attached")
    }
    return true
  }
}
