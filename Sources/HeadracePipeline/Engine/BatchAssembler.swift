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
  /// A row of an open batch.
  struct Location: Hashable {
    /// Number of the batch in the order of opening.
    var batch: Int
    var row: Int
  }

  private enum Progress: Hashable {
    case filling
    case filled
    case failed
  }

  private struct Entry {
    let location: Location
    let position: Int
    var progress: Progress
    var failure: SampleFailure?
  }

  private struct OpenBatch {
    let number: Int
    /// Rows that were never assigned, or whose sample failed or moved; ascending.
    var freeRows: [Int]
    var filledCount = 0
  }

  /// What to do next with the batches.
  enum Step {
    /// Publish a batch. Row `i` of it is to be what is now at `rows[i]`.
    case commit(batch: Int, rows: [Location], positions: [Int])
    /// A failed sample whose turn has come in the order; it is forgotten when this is returned.
    case failed(SampleFailure)
  }

  let size: Int
  let ordering: Ordering
  private var open: [OpenBatch] = []
  private var openedCount = 0
  /// Samples in flight or written, in input order.
  private var entries: [Int: Entry] = [:]
  private var firstEntry = 0
  private var nextEntry = 0

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
    case .input: open.last?.freeRows.count ?? 0
    case .completion: open.reduce(0) { $0 + $1.freeRows.count }
    }
  }

  /// Opens a further batch. Returns its number.
  mutating func openBatch() -> Int {
    defer { openedCount += 1 }
    open.append(OpenBatch(number: openedCount, freeRows: Array(0..<size)))
    return openedCount
  }

  /// Assigns the next sample to a row. Returns a ticket for `filled` or `failed`, and the row.
  ///
  /// - Precondition: `freeRowCount` > 0.
  mutating func assign(position: Int) -> (ticket: Int, location: Location) {
    let index: Int
    switch ordering {
    case .input: index = open.count - 1
    case .completion: index = open.firstIndex { !$0.freeRows.isEmpty } ?? open.count - 1
    }
    let location = Location(batch: open[index].number, row: open[index].freeRows.removeFirst())
    entries[nextEntry] = Entry(location: location, position: position, progress: .filling)
    defer { nextEntry += 1 }
    return (nextEntry, location)
  }

  /// The sample's row is written.
  mutating func filled(_ ticket: Int) {
    guard let entry = entries[ticket] else { return }
    entries[ticket]?.progress = .filled
    if let index = open.firstIndex(where: { $0.number == entry.location.batch }) { open[index].filledCount += 1 }
  }

  /// The sample failed: its row is free.
  mutating func failed(_ ticket: Int, _ failure: SampleFailure) {
    guard let entry = entries[ticket] else { return }
    entries[ticket]?.progress = .failed
    entries[ticket]?.failure = failure
    free(entry.location)
  }

  /// The next thing to do; nil: wait for rows to be written.
  ///
  /// - Parameter hasEnded: nothing more will be assigned, so the rest may be committed as a partial batch.
  mutating func nextStep(hasEnded: Bool) -> Step? {
    if ordering == .completion, let step = nextUnorderedStep() { return step }
    let isFinal = hasEnded && ordering == .completion
    // With .completion this is the end: all is written, and oldest batches first means that no row is overwritten
    // before it has been moved.
    let tickets =
      isFinal
      ? entries.keys.sorted { (entries[$0]?.location.order ?? 0) < (entries[$1]?.location.order ?? 0) }
      : Array(firstEntry..<nextEntry)
    if ordering == .completion && !isFinal { return nil }
    var chosen: [Int] = []
    for ticket in tickets {
      guard let entry = entries[ticket] else { continue }
      switch entry.progress {
      case .filling: return nil
      case .failed:
        entries[ticket] = nil
        return entry.failure.map(Step.failed)
      case .filled: chosen.append(ticket)
      }
      if chosen.count == size { break }
    }
    guard chosen.count == size || (hasEnded && !chosen.isEmpty) else { return nil }
    return commit(chosen)
  }

  /// With `.completion`: failures at once, and any batch whose rows are all written.
  private mutating func nextUnorderedStep() -> Step? {
    if let (ticket, entry) = entries.first(where: { $0.value.progress == .failed }) {
      entries[ticket] = nil
      return entry.failure.map(Step.failed)
    }
    guard let full = open.first(where: { $0.filledCount == size }) else { return nil }
    let members = entries.filter { $0.value.location.batch == full.number }.sorted {
      $0.value.location.row < $1.value.location.row
    }
    return commit(members.map(\.key), into: full.number)
  }

  private mutating func commit(_ tickets: [Int], into batch: Int? = nil) -> Step {
    let target = batch ?? open[0].number
    var rows: [Location] = []
    var positions: [Int] = []
    for ticket in tickets {
      guard let entry = entries.removeValue(forKey: ticket) else { continue }
      rows.append(entry.location)
      positions.append(entry.position)
      if entry.location.batch != target {
        if let index = open.firstIndex(where: { $0.number == entry.location.batch }) { open[index].filledCount -= 1 }
        free(entry.location)
      }
    }
    open.removeAll { $0.number == target }
    while firstEntry < nextEntry, entries[firstEntry] == nil { firstEntry += 1 }
    return .commit(batch: target, rows: rows, positions: positions)
  }

  private mutating func free(_ location: Location) {
    guard let index = open.firstIndex(where: { $0.number == location.batch }) else { return }
    let place = open[index].freeRows.firstIndex { $0 > location.row } ?? open[index].freeRows.endIndex
    open[index].freeRows.insert(location.row, at: place)
  }
}

extension BatchAssembler.Location {
  /// Sorts by batch, then row.
  fileprivate var order: Int { batch << 24 | row }
}
