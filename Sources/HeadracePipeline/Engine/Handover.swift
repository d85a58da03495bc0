import HeadraceCore

/// The state of a bounded queue between two stages: a pure value, to be locked by whoever shares it.
///
/// A producer reserves places before it takes input, so that it always has room for what it makes and never waits with a
/// result in its hand. With `.input` ordering a reservation is a place in the order: results may be filled in at any
/// time, and come out in the order in which the places were reserved. With `.completion` it is room alone.
///
///     reserve 3     fill 2nd        fill 1st        take
///     [ _ _ _ ]  →  [ _ b _ ]   →   [ a b _ ]   →   a, b
///
/// Failures count against the stage's policy when they come out, so in the order asked for: which failure is one too
/// many does not depend on the concurrency.
struct Handover {
  /// What became of one sample.
  enum Outcome: Sendable {
    case value(Item)
    /// Left out by the stage itself.
    case nothing
    /// Indirect: rare, and several times as large as an item, so it would make every place as large.
    indirect case failed(SampleFailure)
  }

  private enum Cell {
    case reserved
    case done(Outcome)
  }

  /// What the consumer finds.
  struct Taken {
    var items: [Item] = []
    /// Samples that failed and are left out.
    var skipped: [SampleFailure] = []
    /// Set when nothing comes after `items`.
    var ending: Ending?
    /// Whether there was something beyond the number asked for.
    var hasMore = false
    /// Whether places became free.
    var freedPlaces = false
  }

  let ordering: Ordering
  private var cells: Deque<Cell> = Deque()
  /// Cells from the front that are done, so that looking costs nothing.
  private var readyCount = 0
  /// Ticket of the first cell.
  private var firstTicket = 0
  /// Places reserved and not yet filled, with `.completion`.
  private var unfilledCount = 0
  private var ending: Ending?
  /// One failure too many came out: what is still being worked on is void.
  private var isVoid = false
  private var budget: FailureBudget
  /// Bound set by the user.
  private let fixedCapacity: Int?
  /// Least bound, from the concurrency of both sides.
  private let minimumCapacity: Int
  private var producerChunk = 1
  private var consumerChunk = 1

  init(ordering: Ordering, policy: FailurePolicy, fixedCapacity: Int?, minimumCapacity: Int) {
    self.ordering = ordering
    budget = FailureBudget(policy)
    self.fixedCapacity = fixedCapacity
    self.minimumCapacity = minimumCapacity
  }

  /// The bound at this moment. Chunks grow only while both stages are quick, and then many samples may wait; as soon as
  /// one side is slow, few do, whatever their size.
  var capacity: Int { fixedCapacity ?? max(minimumCapacity, 4 * min(producerChunk, consumerChunk)) }

  /// Places in use: samples that wait, and places reserved for those being worked on.
  var occupiedCount: Int { cells.count + unfilledCount }

  // MARK: Producer

  /// Reserves up to `count` places. Returns the first ticket and how many there are.
  mutating func reserve(_ count: Int, chunk: Int) -> (ticket: Int, count: Int) {
    producerChunk = chunk
    let granted = isVoid ? 0 : max(0, min(count, capacity - occupiedCount))
    switch ordering {
    case .input:
      let ticket = firstTicket + cells.count
      for _ in 0..<granted { cells.append(.reserved) }
      return (ticket, granted)
    case .completion:
      unfilledCount += granted
      return (0, granted)
    }
  }

  /// Gives back the newest `count` reserved places, unfilled.
  mutating func unreserve(_ count: Int) {
    if isVoid { return }
    switch ordering {
    case .input: for _ in 0..<count { cells.removeLast() }
    case .completion: unfilledCount -= count
    }
  }

  /// Fills reserved places, from `ticket` on.
  mutating func fill(_ ticket: Int, _ outcomes: [Outcome]) {
    if isVoid { return }
    switch ordering {
    case .input:
      let start = ticket - firstTicket
      for (offset, outcome) in outcomes.enumerated() { cells[start + offset] = .done(outcome) }
      if start == readyCount { countReady(from: start + outcomes.count) }
    case .completion:
      unfilledCount -= outcomes.count
      for outcome in outcomes {
        if case .nothing = outcome { continue }
        cells.append(.done(outcome))
        readyCount += 1
      }
    }
  }

  /// The cells before `index` are done; later ones may have been filled earlier.
  private mutating func countReady(from index: Int) {
    readyCount = index
    while readyCount < cells.count, case .done = cells[readyCount] { readyCount += 1 }
  }

  /// Nothing follows what is reserved now. The first ending counts.
  mutating func finish(_ ending: Ending) {
    if self.ending == nil { self.ending = ending }
  }

  // MARK: Consumer

  /// Whether `take` would return an item or an ending.
  var isReady: Bool {
    readyCount > 0 || (cells.isEmpty && ending != nil && unfilledCount == 0)
  }

  /// Takes up to `count` items from the front, and with them whatever is no item and comes before the next: so an
  /// ending is seen by taking 0.
  mutating func take(_ count: Int, chunk: Int) -> Taken {
    consumerChunk = chunk
    var taken = Taken()
    let occupiedBefore = occupiedCount
    taken.items.reserveCapacity(min(count, readyCount))
    while readyCount > 0 {
      if taken.items.count == count, case .done(.value) = cells[0] { break }
      guard case .done(let outcome) = cells.popFirst() else { break }
      readyCount -= 1
      firstTicket += 1
      switch outcome {
      case .value(let item): taken.items.append(item)
      case .nothing: break
      case .failed(let failure):
        if let error = budget.spend(failure.error) {
          isVoid = true
          cells.removeAll()
          readyCount = 0
          ending = .failure(error)
          unfilledCount = 0
          taken.ending = ending
          return taken
        }
        taken.skipped.append(failure)
      }
    }
    if cells.isEmpty && unfilledCount == 0 { taken.ending = ending }
    taken.hasMore = isReady && taken.ending == nil
    taken.freedPlaces = occupiedCount < occupiedBefore
    return taken
  }
}
