import HeadraceCore

/// Rows of batches whose samples come as groups: each group is a batch, whatever its size.
///
/// A batch is complete when each sample of its group is written or has failed. A failed one leaves a hole, which the
/// rows behind it close; no other sample takes it, since it would be one of another group.
struct GroupAssembler {
  private enum Progress {
    case filling
    case filled
    case failed(SampleFailure)
  }

  private struct OpenBatch {
    let number: Int
    /// Ticket of the sample in row 0; the others follow.
    let firstTicket: Int
    let rowCount: Int
    var positions: [Int] = []
    var progress: [Progress] = []
    /// Rows of which it is known what became of them.
    var settledCount = 0
    /// Rows whose failure was told.
    var toldCount = 0
  }

  let ordering: Ordering
  private var open: [OpenBatch] = []
  private var openedCount = 0
  private var nextTicket = 0

  init(ordering: Ordering) {
    self.ordering = ordering
  }

  /// Samples of the last group that have no row yet.
  var freeRowCount: Int { open.last.map { $0.rowCount - $0.positions.count } ?? 0 }

  /// Opens the batch of the next group.
  ///
  /// - Parameter rows: samples of the group, at least 1.
  /// - Precondition: all rows of the batch before are assigned.
  mutating func openBatch(rows: Int) -> Int {
    precondition(freeRowCount == 0 && rows > 0, "a group of \(rows) samples, \(freeRowCount) rows free")
    defer { openedCount += 1 }
    open.append(OpenBatch(number: openedCount, firstTicket: nextTicket, rowCount: rows))
    return openedCount
  }

  /// Assigns the next sample of the last group to a row; see `BatchAssembler`.
  ///
  /// - Precondition: `freeRowCount` > 0.
  mutating func assign(position: Int) -> (ticket: Int, location: RowLocation) {
    let last = open.count - 1
    let location = RowLocation(batch: open[last].number, row: open[last].positions.count)
    open[last].positions.append(position)
    open[last].progress.append(.filling)
    defer { nextTicket += 1 }
    return (nextTicket, location)
  }

  /// The sample's row is written.
  mutating func filled(_ ticket: Int) { settle(ticket, .filled) }

  /// The sample failed.
  mutating func failed(_ ticket: Int, _ failure: SampleFailure) { settle(ticket, .failed(failure)) }

  private mutating func settle(_ ticket: Int, _ progress: Progress) {
    // Few are open, the newest last.
    guard let index = open.lastIndex(where: { $0.firstTicket <= ticket }) else { return }
    open[index].progress[ticket - open[index].firstTicket] = progress
    open[index].settledCount += 1
  }

  /// The next thing to do; nil: wait for rows to be written. A group is either complete or not: the end of an epoch
  /// makes no difference.
  mutating func nextStep() -> RowStep? {
    let index: Int?
    switch ordering {
    case .input: index = open.indices.first
    case .completion: index = open.firstIndex { $0.settledCount == $0.rowCount }
    }
    guard let index, open[index].settledCount == open[index].rowCount else { return nil }
    while open[index].toldCount < open[index].rowCount {
      defer { open[index].toldCount += 1 }
      if case .failed(let failure) = open[index].progress[open[index].toldCount] { return .failed(failure) }
    }
    let batch = open.remove(at: index)
    let rows = batch.progress.indices.filter { if case .filled = batch.progress[$0] { true } else { false } }
    return .commit(
      batch: batch.number, rows: rows.map { RowLocation(batch: batch.number, row: $0) },
      positions: rows.map { batch.positions[$0] })
  }
}
