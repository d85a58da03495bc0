import HeadraceCore
import HeadraceRing

/// What `next` says when it has waited in vain.
extension Batches {
  package var missingReadersError: HeadraceError {
    let there = readers.compactMap { $0.processID.map(String.init) }.joined(separator: ", ")
    return HeadraceError(
      .timedOut,
      "\(ring.missingReaderCount) of \(HumanUnits.count(ring.awaitedReaderCount, "reader")) are missing at"
        + " \(sharedWith?.path ?? "") after \(sharedWith?.startTimeout ?? .zero), and nothing is published without"
        + " them; there are processes \(there). Start the others, or pass startsTogether: false.")
  }

  func timeoutError(after nanoseconds: UInt64, _ holders: SlotHolders, _ isStuck: Bool) -> HeadraceError {
    let waited = "\(Double(nanoseconds / 1_000_000) / 1000) s"
    let slots = ring.geometry.slotCount
    if isStuck, holders.holders == ReaderSet(reader) {
      return HeadraceError(
        .timedOut,
        "No batch within \(waited): all \(slots) slots are held by batches of this process. Let go of one, or raise"
          + " slots."
      )
    }
    if isStuck {
      return HeadraceError(
        .timedOut,
        "No batch within \(waited): all \(slots) slots are held by batches of readers that wait for another themselves:"
          + " \(describe(holders)). Let go of one, or raise slots.")
    }
    if holders.areAll {
      return HeadraceError(
        .timedOut,
        "No batch within \(waited): readers have all \(slots) slots: \(describe(holders)). Nothing is lost; call next"
          + " again, look what those processes do, or raise slots.")
    }
    let doing = InFlightTable(ring).entries.prefix(4)
      .map { "stage \"\($0.stageName)\" works on \($0.key ?? "sample \($0.position)")" }
    let state = doing.isEmpty ? "the worker is \(ring.workerActivity)" : doing.joined(separator: ", ")
    return HeadraceError(.timedOut, "No batch within \(waited): \(state). Nothing is lost; call next again.")
  }

  /// Who has slots, and how many.
  private func describe(_ holders: SlotHolders) -> String {
    (0..<ring.geometry.readerCount).compactMap { place in
      let held = holders.heldCount(place), wanted = holders.wantedCount(place)
      guard held + wanted > 0 else { return nil }
      let who = "place \(place) (\(ring.readerProcessID(place).map { "process \($0)" } ?? "nobody there"))"
      return "\(who) holds \(held)" + (wanted > 0 ? " and has \(wanted) to take" : "")
    }.joined(separator: ", ")
  }
}
