import HeadraceCore
import HeadraceRing

/// A place for a reader, and what became of it.
public struct ReaderStatus: Sendable, Hashable, Codable, CustomStringConvertible {
  /// From 0.
  public var place: Int
  /// Number of the process that has it; nil: it is free.
  public var processID: Int?
  /// Whether it is to have further batches: false once it has left, though it may still hold some.
  public var isActive: Bool
  /// Batches that it holds.
  public var heldCount: Int
  /// Batches taken since the start, by all that have had the place.
  public var takenCount: Int
  /// Seconds that they have waited for batches.
  public var waitSeconds: Double

  init(_ ring: Ring, place: Int) {
    let progress = ring.progress(of: place)
    self.place = place
    processID = ring.readerProcessID(place)
    isActive = ring.activeReaders.contains(place)
    heldCount = ring.leasedSlotCount(of: ReaderSet(place))
    takenCount = progress.takenCount
    waitSeconds = Double(progress.waitNanoseconds) / 1e9
  }

  /// One line: `place 1: process 4711, 120 batches taken, 2 held, waited 3.20 s`.
  public var description: String {
    let holder = processID.map { "process \($0)\(isActive ? "" : ", which has left")" } ?? "free"
    return
      "place \(place): \(holder), \(HumanUnits.count(takenCount, "batch", plural: "batches")) taken, \(heldCount) held,"
      + " waited \(HumanUnits.seconds(waitSeconds))"
  }
}
