import HeadraceCore

/// Which sample goes to which row of which batch, and which batch is ready: a pure value, tested without a thread.
///
/// Samples get their rows before they are written, so that several lanes write at once, straight into the slots. When a
/// sample fails its row is a hole. With `.completion` the next sample takes it. With `.input` the order must hold, so
/// holes close when the batch is committed: the rows behind move up, and the first rows of the next batch fill in. That
/// copies rows, in the case of a failure only, and is counted.
///
///     size 4, row 1 failed:   batch 0 [a . c d]  batch 1 [e f _ _]
///     committed:              batch 0 [a c d e]  batch 1 [. f _ _]
struct BatchAssembler {
  typealias Location = RowLocation
  typealias Step = RowStep

  private enum Progress: Hashable {
    case filling
    case filled
    case failed
  }

  private struct Entry {
    let location: Location
    let position: Int
    var progress: Progress
  }

  private struct OpenBatch {
    let number: Int
    /// Rows from here on were never assigned.
    var nextRow = 0
    /// Rows before that whose sample failed or moved; ascending.
    var holes: [Int] = []
    var filledCount = 0
    /// The ticket of the sample in each assigned row.
    var tickets: [Int] = []

    func freeRowCount(size: Int) -> Int { size - nextRow + holes.count }

    mutating func takeRow(for ticket: Int) -> Int {
      guard holes.isEmpty else {
        let row = holes.removeFirst()
        tickets[row] = ticket
        return row
      }
      tickets.append(ticket)
      nextRow += 1
      return nextRow - 1
    }

    mutating func free(_ row: Int) {
      holes.insert(row, at: holes.firstIndex { $0 > row } ?? holes.endIndex)
    }
  }

  let size: Int
  let ordering: Ordering
  private var open: [OpenBatch] = []
  private var openedCount = 0
  /// Samples in flight or written; tickets are in input order.
  private var entries: TicketTable<Entry> = TicketTable()
  /// Why samples failed, until their turn comes.
  private var failures: [Int: SampleFailure] = [:]
  /// With `.input`: every sample before this ticket is written, and this many of them wait to be committed. What was
  /// looked at once is not looked at again.
  private var scannedTicket = 0
  private var scanned: [Int] = []

  init(size: Int, ordering: Ordering) {
    self.size = size
    self.ordering = ordering
  }

  /// Batches that are open, oldest first.
  var openBatches: [Int] { open.map(\.number) }

  /// Rows that samples can be assigned to before a further batch has to be opened.
  var freeRowCount: Int {
    switch ordering {
    // An older batch's holes close by moving rows up: a new sample in them would be out of order.
    case .input: open.last?.freeRowCount(size: size) ?? 0
    case .completion: open.reduce(0) { $0 + $1.freeRowCount(size: size) }
    }
  }

  /// Opens a further batch. Returns its number.
  mutating func openBatch() -> Int {
    defer { openedCount += 1 }
    open.append(OpenBatch(number: openedCount))
    return openedCount
  }

  /// Assigns the next sample to a row. Returns a ticket for `filled` or `failed`, and the row. Tickets are given in
  /// order, without gaps.
  ///
  /// - Precondition: `freeRowCount` > 0.
  mutating func assign(position: Int) -> (ticket: Int, location: Location) {
    let index: Int
    switch ordering {
    case .input: index = open.count - 1
    case .completion: index = open.firstIndex { $0.freeRowCount(size: size) > 0 } ?? open.count - 1
    }
    let ticket = entries.nextTicket
    let location = Location(batch: open[index].number, row: open[index].takeRow(for: ticket))
    return (entries.add(Entry(location: location, position: position, progress: .filling)), location)
  }

  /// The sample's row is written.
  mutating func filled(_ ticket: Int) {
    guard let entry = entries.update(ticket, { $0.progress = .filled }) else { return }
    if let index = index(of: entry.location.batch) { open[index].filledCount += 1 }
  }

  /// The sample failed: its row is free.
  mutating func failed(_ ticket: Int, _ failure: SampleFailure) {
    guard let entry = entries.update(ticket, { $0.progress = .failed }) else { return }
    failures[ticket] = failure
    free(entry.location)
  }

  /// The next thing to do; nil: wait for rows to be written.
  ///
  /// - Parameter hasEnded: nothing more will be assigned, so the rest may be committed as a partial batch.
  /// - Complexity: O(1) amortised per sample, but for the end of an epoch with `.completion`.
  mutating func nextStep(hasEnded: Bool) -> Step? {
    switch ordering {
    case .input: nextOrderedStep(hasEnded: hasEnded)
    case .completion: nextUnorderedStep() ?? (hasEnded ? nextFinalStep() : nil)
    }
  }

  /// With `.input`: the first samples in order, as soon as they fill a batch.
  private mutating func nextOrderedStep(hasEnded: Bool) -> Step? {
    while scanned.count < size, scannedTicket < entries.nextTicket {
      let ticket = scannedTicket
      guard let entry = entries[ticket], entry.progress != .filling else { return nil }
      scannedTicket += 1
      if entry.progress == .failed { return forget(ticket) }
      scanned.append(ticket)
    }
    guard scanned.count == size || (hasEnded && !scanned.isEmpty) else { return nil }
    defer { scanned.removeAll(keepingCapacity: true) }
    return commit(scanned, into: open[0].number)
  }

  /// With `.completion`: failures at once, and any batch whose rows are all written.
  private mutating func nextUnorderedStep() -> Step? {
    if let ticket = failures.keys.min() { return forget(ticket) }
    guard let full = open.first(where: { $0.filledCount == size }) else { return nil }
    return commit(full.tickets, into: full.number)
  }

  /// With `.completion`, when all is written: oldest batches first, so that no row is overwritten before it has moved.
  private mutating func nextFinalStep() -> Step? {
    let rest = entries.tickets.compactMap { ticket in entries[ticket].map { (ticket, $0) } }
      .sorted { $0.1.location.order < $1.1.location.order }.prefix(size)
    guard !rest.isEmpty, rest.allSatisfy({ $0.1.progress == .filled }) else { return nil }
    return commit(rest.map(\.0), into: open[0].number)
  }

  /// A failed sample has had its turn.
  private mutating func forget(_ ticket: Int) -> Step? {
    entries[ticket] = nil
    return failures.removeValue(forKey: ticket).map(Step.failed)
  }

  private mutating func commit(_ tickets: [Int], into target: Int) -> Step {
    var rows: [Location] = []
    rows.reserveCapacity(tickets.count)
    var positions: [Int] = []
    positions.reserveCapacity(tickets.count)
    for ticket in tickets {
      guard let entry = entries[ticket] else { continue }
      entries[ticket] = nil
      rows.append(entry.location)
      positions.append(entry.position)
      if entry.location.batch != target {
        if let index = index(of: entry.location.batch) { open[index].filledCount -= 1 }
        free(entry.location)
      }
    }
    open.removeAll { $0.number == target }
    return .commit(batch: target, rows: rows, positions: positions)
  }

  private mutating func free(_ location: Location) {
    if let index = index(of: location.batch) { open[index].free(location.row) }
  }

  /// Batches are opened in the order of their numbers, and only few are open.
  private func index(of batch: Int) -> Int? {
    open.firstIndex { $0.number == batch }
  }
}

extension RowLocation {
  /// Sorts by batch, then row.
  fileprivate var order: Int { batch << 24 | row }
}
