import HeadraceRing
import HeadraceSystem

/// Counters at one moment, from which a lap of the governor is made.
struct RankCounters {
  let time = MonotonicClock.now
  /// Of each reader, by place.
  let waitNanoseconds: [UInt64]
  let delayNanoseconds: UInt64?
  /// Of all programs, on the processors of the loader.
  let busyNanoseconds: UInt64?
  /// Of the loader and of those who read it.
  let ownNanoseconds: UInt64

  init(_ ring: Ring) {
    var buffer: [UInt8] = []
    waitNanoseconds = ring.waitNanoseconds
    delayNanoseconds = ProcessorTime.delayNanoseconds(buffer: &buffer)
    busyNanoseconds = ProcessorTime.busyNanoseconds(of: Set(ProcessorAffinity.allowed), buffer: &buffer)
    let readers = Set((0..<ring.geometry.readerCount).compactMap { ring.readerProcessID($0) })
    ownNanoseconds = readers.reduce(ResourceUsage.current.cpuNanoseconds) { sum, reader in
      sum &+ (Int32(exactly: reader).flatMap { ProcessResources.cpuNanoseconds(of: $0) } ?? 0)
    }
  }

  func lap(since earlier: RankCounters) -> RankLap {
    let nanoseconds = Double(max(1, time - earlier.time))
    func difference(_ later: UInt64, _ earlier: UInt64) -> Double { later > earlier ? Double(later - earlier) : 0 }
    let delay = delayNanoseconds.flatMap { later in earlier.delayNanoseconds.map { difference(later, $0) } }
    let busy = busyNanoseconds.flatMap { later in earlier.busyNanoseconds.map { difference(later, $0) } }
    let own = difference(ownNanoseconds, earlier.ownNanoseconds)
    return RankLap(
      waitShare: min(1, (zip(waitNanoseconds, earlier.waitNanoseconds).map(difference).max() ?? 0) / nanoseconds),
      delayedThreads: delay.map { $0 / nanoseconds },
      otherProcessors: busy.map { max(0, $0 - own) / nanoseconds })
  }
}
