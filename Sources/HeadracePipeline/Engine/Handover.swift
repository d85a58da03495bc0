import HeadraceCore

/// The state of a bounded queue between two stages: a pure value, to be locked by whoever shares it.
///
/// A producer reserves places before it takes input, so that it always has room for what it makes and never waits with
/// a result in its hand. With `.input` ordering a reservation is a place in the order: results may be filled in at any
/// time, and come out in the order in which the places were reserved. With `.completion` it is room alone.
///
///     reserve 3     fill 2nd        fill 1st        take
///     [ _ _ _ ]  →  [ _ b _ ]   →   [ a b _ ]   →   a, b
///
/// A place can also take any number of results, one after the other, until it is closed. Results of the first place
/// that is not closed come out at once; those of a place behind it wait for their turn (`HandoverParts`).
///
/// Failures count against the stage's policy when they come out, so in the order asked for: which failure is one too
/// many does not depend on the concurrency.
struct Handover {
  /// What became of one sample.
  enum Outcome: Sendable {
    case value(Item)
    /// Left out by the stage itself.
    case nothing
    /// So many samples that the stage has worked on, where its values do not say it: see `valuesAreSamples`.
    case samples(Int)
    /// Indirect: rare, and several times as large as an item, so it would make every place as large.
    indirect case failed(SampleFailure)
    /// Several, in order.
    indirect case many([Outcome])
    /// Not known yet: the place stays reserved, to be filled later.
    case pending
  }

  private enum Cell {
    case reserved
    case done(Outcome)
    /// Some results are here, and more may come.
    indirect case open([Outcome])
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

    /// The items, to be handed on as they are; none is left here.
    mutating func takeOutcomes() -> [Outcome] {
      defer { items = [] }
      return items.map(Outcome.value)
    }

    /// Whether places became free.
    var freedPlaces = false
  }

  /// What a producer gets.
  struct Reservation: Equatable {
    /// Ticket of the first place; the others follow on it.
    var ticket = 0
    var count = 0
    /// Nobody wants more.
    var isCancelled = false
  }

  let ordering: Ordering
  private var cells: Deque<Cell> = Deque()
  /// Cells from the front that are done, so that looking costs nothing.
  private var readyCount = 0
  /// Results of the front place that came in parts, ahead of what its cell holds.
  private var front: Deque<Outcome> = Deque()
  /// Ticket of the first cell.
  private var firstTicket = 0
  /// Places reserved and not yet filled.
  private var unfilledCount = 0
  private var ending: Ending?
  /// One failure too many came out, or nobody wants more: what is still being worked on is void.
  private var isVoid = false
  private(set) var isCancelled = false
  private var budget: FailureBudget
  /// Whether each value was made of a sample of its own. If not, the producer says how many samples it has worked on.
  private let valuesAreSamples: Bool
  /// Values that were counted as samples. The others are when somebody asks for a share.
  private var countedValueCount = 0
  /// Bound set by the user.
  private var fixedCapacity: Int?
  /// Bytes that may wait: passed by an item for each hand at most, see `byteRoom`.
  private let byteCapacity: Int?
  /// Bytes of the largest item so far; nil: there was none.
  private var largestByteCount: Int?
  /// Bytes of the items that wait.
  private(set) var waitingByteCount = 0
  /// Least bound, from the concurrency of both sides.
  private var minimumCapacity: Int
  private var producerChunk = 1
  private var consumerChunk = 1
  /// What went through, and how long it lay.
  private(set) var flow = QueueFlow()
  /// Bytes of items that were dropped, since the last `takeDropped`.
  private var droppedByteCount = 0

  init(
    ordering: Ordering, policy: FailurePolicy, fixedCapacity: Int?, minimumCapacity: Int, byteCapacity: Int? = nil,
    total: FailureTotal? = nil, valuesAreSamples: Bool = true
  ) {
    self.ordering = ordering
    self.valuesAreSamples = valuesAreSamples
    budget = FailureBudget(policy, total: total)
    self.fixedCapacity = fixedCapacity
    self.minimumCapacity = minimumCapacity
    self.byteCapacity = byteCapacity
  }

  /// The bound at this moment. Chunks grow only while both stages are quick, and then many samples may wait; as soon as
  /// one side is slow, few do, whatever their size.
  var capacity: Int { fixedCapacity ?? max(minimumCapacity, 4 * min(producerChunk, consumerChunk)) }

  /// Sets the bounds that follow from the concurrency of both sides, which has changed. What is in place beyond them
  /// stays.
  mutating func setCapacity(fixed: Int?, minimum: Int) {
    fixedCapacity = fixed
    minimumCapacity = minimum
  }

  /// Places in use: samples that wait, and places reserved for those being worked on.
  var occupiedCount: Int { cells.count + front.count + (ordering == .completion ? unfilledCount : 0) }

  // MARK: Producer

  /// Reserves up to `count` places.
  mutating func reserve(_ count: Int, chunk: Int) -> Reservation {
    producerChunk = chunk
    if isCancelled { return Reservation(isCancelled: true) }
    let granted = isVoid ? 0 : max(0, min(count, capacity - occupiedCount, byteRoom))
    unfilledCount += granted
    switch ordering {
    case .input:
      let ticket = firstTicket + cells.count
      for _ in 0..<granted { cells.append(.reserved) }
      return Reservation(ticket: ticket, count: granted)
    case .completion: return Reservation(count: granted)
    }
  }

  /// Places that may be reserved at once for the sake of the bytes: as many as the largest item so far, in each of
  /// them, leaves within the bound; but one as long as anything is free, so that each hand has work and an item that is
  /// larger than the bound passes.
  private var byteRoom: Int {
    guard let byteCapacity else { return .max }
    let free = byteCapacity - waitingByteCount
    guard free > 0 else { return 0 }
    guard let largestByteCount else { return 1 }
    return largestByteCount == 0 ? .max : max(1, free / largestByteCount - unfilledCount)
  }

  /// Gives back the newest `count` reserved places, unfilled.
  mutating func unreserve(_ count: Int) {
    if isVoid { return }
    unfilledCount -= count
    if ordering == .input { for _ in 0..<count { cells.removeLast() } }
  }

  /// Fills reserved places, from `ticket` on. A place whose result is pending stays as it is.
  mutating func fill(_ ticket: Int, _ outcomes: [Outcome], now: UInt64 = 0) {
    var outcomes = outcomes
    fill(ticket, &outcomes, now: now)
  }

  /// Takes the outcomes over: the array is empty afterwards.
  mutating func fill(_ ticket: Int, _ outcomes: inout [Outcome], now: UInt64 = 0) {
    if isVoid {
      for outcome in outcomes { droppedByteCount += outcome.byteCount }
      return
    }
    flow.advance(to: now, waiting: waitingCount)
    switch ordering {
    case .input:
      let start = ticket - firstTicket
      // From the last to the first: an array gives its last element away without a copy.
      var place = start + outcomes.count
      while let outcome = outcomes.popLast() {
        place -= 1
        if outcome.isPending { continue }
        unfilledCount -= 1
        note(outcome)
        if case .open(let parts) = cells[place] {
          cells[place] = .done(.many(parts + [outcome]))
        } else {
          cells[place] = .done(consume outcome)
        }
      }
      if start <= readyCount { countReady() }
    case .completion:
      for place in outcomes.indices {
        if outcomes[place].isPending { continue }
        unfilledCount -= 1
        var outcome = Outcome.nothing
        swap(&outcome, &outcomes[place])
        append(consume outcome)
      }
      outcomes.removeAll()
    }
  }

  /// Adds a result to a reserved place that stays open; `fill` closes it with the last.
  ///
  /// - Returns: how many results of that place wait now.
  mutating func add(_ outcome: Outcome, to ticket: Int, now: UInt64 = 0) -> Int {
    if isVoid {
      droppedByteCount += outcome.byteCount
      return 0
    }
    flow.advance(to: now, waiting: waitingCount)
    switch ordering {
    case .completion:
      append(outcome)
      return cells.count
    case .input:
      note(outcome)
      let place = ticket - firstTicket
      if place == 0 {
        front.append(outcome)
        return front.count
      }
      var parts: [Outcome] = []
      if case .open(let earlier) = cells[place] { parts = earlier }
      parts.append(outcome)
      cells[place] = .open(parts)
      if place == readyCount { countReady() }
      return parts.count
    }
  }

  /// Results of a place that wait, where it is open; whether they can come out at once.
  func partCount(of ticket: Int) -> (count: Int, isFront: Bool) {
    switch ordering {
    case .completion: return (cells.count, true)
    case .input:
      let place = ticket - firstTicket
      guard place > 0, place < cells.count else { return (front.count, true) }
      guard case .open(let parts) = cells[place] else { return (0, false) }
      return (parts.count, false)
    }
  }

  /// Counts the cells from the front that are done; later ones may have been filled earlier.
  private mutating func countReady() {
    while readyCount < cells.count, case .done = cells[readyCount] { readyCount += 1 }
    if readyCount == 0 { moveParts() }
  }

  /// What the front place has so far can come out.
  private mutating func moveParts() {
    guard cells.count > 0, case .open(let parts) = cells[0] else { return }
    for part in parts { front.append(part) }
    cells[0] = .reserved
  }

  /// With `.completion`.
  private mutating func append(_ outcome: consuming Outcome) {
    if case .nothing = outcome { return budget.pass(1) }
    note(outcome)
    cells.append(.done(consume outcome))
    readyCount += 1
  }

  private mutating func note(_ outcome: Outcome) {
    switch outcome {
    case .value(let item):
      waitingByteCount += item.byteCount
      if !item.isMark { largestByteCount = max(largestByteCount ?? 0, item.byteCount) }
    case .many(let outcomes): for outcome in outcomes { note(outcome) }
    case .nothing, .samples, .failed, .pending: break
    }
  }

  /// Nothing follows what is reserved now. The first ending counts.
  mutating func finish(_ ending: Ending) {
    if self.ending == nil { self.ending = ending }
  }

  /// What went through until now. From then on nothing that was told is taken back, though one that waited for the lock
  /// may come with an earlier time.
  mutating func lookAtFlow(now: UInt64) -> QueueFlow {
    flow.advance(to: now, waiting: waitingCount)
    return flow
  }

  // MARK: Consumer

  /// What can be taken at this moment, roughly: places that are done, or parts of one.
  var waitingCount: Int { readyCount + front.count }

  /// Whether `take` would return an item or an ending.
  var isReady: Bool {
    waitingCount > 0 || (cells.isEmpty && ending != nil && unfilledCount == 0)
  }

  /// Takes up to `count` items from the front, and with them whatever is no item and comes before the next: so an
  /// ending is seen by taking 0.
  mutating func take(_ count: Int, chunk: Int, now: UInt64 = 0) -> Taken {
    consumerChunk = chunk
    flow.advance(to: now, waiting: waitingCount)
    var taken = Taken()
    let occupiedBefore = occupiedCount
    let bytesBefore = waitingByteCount
    taken.items.reserveCapacity(min(count, waitingCount))
    while waitingCount > 0 {
      if taken.items.count == count, nextIsItem { break }
      if let error = process(popNext(), into: &taken) {
        void(.failure(error))
        taken.ending = ending
        return taken
      }
    }
    if cells.isEmpty && front.isEmpty && unfilledCount == 0, let ending {
      countValues()
      taken.ending = ending == .endOfEpoch ? budget.atEnd().map(Ending.failure) ?? ending : ending
    }
    flow.byteCount += bytesBefore - waitingByteCount
    taken.hasMore = isReady && taken.ending == nil
    taken.freedPlaces = occupiedCount < occupiedBefore || waitingByteCount < bytesBefore
    return taken
  }

  /// Nobody wants more: all that waits and all that is made still is dropped.
  mutating func cancel() {
    guard !isCancelled else { return }
    void(.endOfEpoch)
    isCancelled = true
  }

  /// Bytes of items that were dropped since the last call.
  mutating func takeDropped() -> Int {
    defer { droppedByteCount = 0 }
    return droppedByteCount
  }

  private mutating func void(_ ending: Ending) {
    isVoid = true
    droppedByteCount += waitingByteCount
    cells.removeAll()
    front.removeAll()
    readyCount = 0
    unfilledCount = 0
    waitingByteCount = 0
    self.ending = ending
  }

  private var nextIsItem: Bool {
    if let part = front.first {
      if case .value = part { return true }
      return false
    }
    if case .done(.value) = cells[0] { return true }
    return false
  }

  private mutating func popNext() -> Outcome {
    if !front.isEmpty { return front.popFirst() }
    guard case .done(let outcome) = cells.popFirst() else { return .nothing }
    readyCount -= 1
    firstTicket += 1
    if readyCount == 0 { moveParts() }
    return outcome
  }

  /// Returns the error that ends the epoch, if this outcome is a failure too many.
  private mutating func process(_ outcome: consuming Outcome, into taken: inout Taken) -> HeadraceError? {
    switch consume outcome {
    case .value(let item):
      waitingByteCount -= item.byteCount
      if !item.isMark { flow.itemCount += 1 }
      taken.items.append(consume item)
    case .nothing, .pending: budget.pass(1)
    case .samples(let count): budget.pass(count)
    case .many(let outcomes):
      // To the front, since there may be more of them than were asked for.
      var parts: Deque<Outcome> = Deque()
      for outcome in outcomes { parts.append(outcome) }
      while !front.isEmpty { parts.append(front.popFirst()) }
      front = parts
    case .failed(let failure):
      countValues()
      if let error = budget.spend(failure.error) { return error }
      taken.skipped.append(failure)
    }
    return nil
  }

  private mutating func countValues() {
    guard valuesAreSamples else { return }
    budget.pass(flow.itemCount - countedValueCount)
    countedValueCount = flow.itemCount
  }
}
