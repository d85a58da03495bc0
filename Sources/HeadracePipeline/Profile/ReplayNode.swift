import Synchronization

/// A first stage that hands on items that were gathered before.
final class ReplayNode: StageNode {
  private let items: [Item]
  private let output: HandoverQueue
  private let stage: StageContext
  private let place = Mutex(0)

  /// Items that are handed on at once.
  private static let chunkSize = 64

  init(_ items: [Item], _ assembly: StageAssembly) {
    self.items = items
    output = assembly.outputs[0]
    stage = assembly.stage
  }

  func runSlice(lane: Int) -> SliceResult {
    place.withLock { place in
      while place < items.count {
        if stage.isDraining { return .finished }
        let room = output.reserve(min(Self.chunkSize, items.count - place), chunk: Self.chunkSize)
        if room.isCancelled { break }
        guard room.count > 0 else { return .blocked }
        var outcomes = items[place..<(place + room.count)].map(Handover.Outcome.value)
        output.fill(room.ticket, &outcomes)
        place += room.count
      }
      if place < .max {
        place = .max
        stage.sourceHasEnded()
        output.finish(.endOfEpoch)
      }
      return .finished
    }
  }
}
