import HeadraceCore
import HeadraceSystem
import Synchronization

/// The last stage: writes samples into rows of the sink's buffers, on several lanes at once, and publishes full
/// batches.
final class BatchNode: ChunkedNode {
  /// What became of a sample.
  enum RowOutcome: Sendable {
    /// With what it has written to tensors whose rows have no place yet, if there are such.
    case written(GatheredRow?)
    indirect case failed(SampleFailure)
    /// It is to be tried again.
    case pending
  }

  typealias RowChunk = Chunk<Assignment, RowOutcome>

  /// A batch that lacks nothing but what is done to it as a whole.
  private struct CompleteBatch {
    let buffer: any BatchBuffer
    let positions: [Int]
    let tensors: [BatchTensor]
  }

  private struct State {
    var workload: Workload<Assignment, RowOutcome> = Workload()
    var retries: RetryQueue<Retry> = RetryQueue()
    var assembler: RowAssembler
    /// Memory of the open batches, by the assembler's numbers.
    var buffers: [Int: any BatchBuffer] = [:]
    /// Rows that were written and have no place yet, by the place that they were given; none where all tensors have
    /// places.
    var gathered: [RowLocation: GatheredRow] = [:]
    /// Of groups: the samples of the last one that have no row yet, and the memory for the next one.
    var members: ArraySlice<Item> = []
    var spare: (any BatchBuffer)?
    /// Complete batches that are not handed on yet; none where nothing is done to them.
    var finishing: FinishQueue<CompleteBatch> = FinishQueue()
    var budget: FailureBudget
    var ending: Ending?
    /// The outcome is decided; nothing is published any more.
    var isOver = false
  }

  /// A sample, and the row that it will be written to.
  struct Assignment {
    let item: Item
    let location: RowLocation
    let buffer: any BatchBuffer
  }

  /// A row that is to be written again.
  struct Retry {
    let assignment: Assignment
    var terms: ChunkTerms
  }

  private let input: HandoverQueue
  private let sink: any BatchSink
  let stage: StageContext
  private let layout: BatchLayout
  private let partial: PartialBatch
  private let split: (@Sendable (Item) -> [Item])?
  private let fill: @Sendable (Item, inout Row) throws -> Void
  private let remote: RemoteStage?
  private let finishes: [BatchFinish]
  /// What is in no batch, since it is out already; nil: nothing.
  private let leavesOut: (@Sendable (_ position: Int) -> Bool)?
  private let state: Mutex<State>

  /// - Parameter split: the samples of a group; nil where each item is a sample.
  init(
    _ assembly: StageAssembly, sink: any BatchSink, spec: BatchSpec, partial: PartialBatch,
    assembler: sending RowAssembler,
    split: (@Sendable (Item) -> [Item])? = nil, fill: @escaping @Sendable (Item, inout Row) throws -> Void
  ) {
    input = assembly.inputs[0]
    stage = assembly.stage
    remote = assembly.remote
    finishes = assembly.finishes
    self.sink = sink
    self.partial = partial
    self.split = split
    self.fill = fill
    leavesOut = sink.leavesOut(of: stage.epoch)
    layout = BatchLayout(spec)
    state = Mutex(
      State(
        assembler: assembler,
        budget: FailureBudget(stage.description.failurePolicy, total: stage.failureTotal)))
  }

  /// Takes samples for which there are rows, opening a batch if there is need.
  func takeIn() -> Intake<Assignment, RowOutcome> {
    var outcome: RunOutcome?
    let intake: Intake<Assignment, RowOutcome> = state.withLock { state in
      if state.isOver { return .idle(.finished) }
      // Whoever finishes the last batches ends the epoch.
      if state.finishing.isFailing { return .idle(.starved) }
      if let chunk = state.workload.takeReturned() { return .work(chunk, hasMore: true) }
      if let retry = state.retries.takeDue(now: MonotonicClock.now) {
        stage.hold(1)
        let chunk = state.workload.takeAgain(
          ticket: retry.ticket, task: retry.call.assignment, terms: retry.call.terms)
        return .work(chunk, hasMore: true)
      }
      // Its batches come after those of the epoch before.
      guard stage.generation.isOpen else { return .idle(.blocked) }
      if let split {
        do throws(HeadraceError) {
          if let intake = try takeInGroup(split, &state) { return intake }
          outcome = commitReady(&state)
        } catch {
          outcome = end(.failed(error), &state)
        }
        return .idle(state.isOver ? .finished : .starved)
      }
      guard state.ending == nil, input.isReady else { return .idle(.starved) }
      let size = state.workload.chunkSize
      var taken = take(size, &state)
      if taken.items.isEmpty && taken.hasMore {
        // A sample waits and has no row. Memory is claimed for nothing less: an ending needs none.
        do throws(HeadraceError) {
          guard let buffer = try sink.tryClaim() else { return .idle(.blocked) }
          state.buffers[state.assembler.openBatch(rows: layout.spec.size)] = buffer
        } catch {
          outcome = end(.failed(error), &state)
          return .idle(.finished)
        }
        taken = take(size, &state)
      }
      state.ending = taken.ending
      stage.hold(taken.items.count)
      guard !taken.items.isEmpty else {
        outcome = commitReady(&state)
        return .idle(state.isOver ? .finished : .starved)
      }
      let (ticket, rows) = assign(taken.items, &state)
      let chunk = state.workload.takeIn(firstTicket: ticket, count: rows.count) { place in
        Assignment(item: taken.items.removeLast(), location: rows[place].location, buffer: rows[place].buffer)
      }
      return .work(chunk, hasMore: taken.hasMore)
    }
    if let outcome { stage.complete(outcome) } else if case .idle = intake { finishBatches(lane: nil) }
    return intake
  }

  /// Takes up to `size` samples for which there are rows, without those that are to be left out. Called with the lock
  /// held, which is what keeps the order.
  private func take(_ size: Int, _ state: inout State) -> Handover.Taken {
    while true {
      var taken = input.take(min(size, state.assembler.freeRowCount), chunk: size)
      stage.report(taken.skipped)
      guard let leavesOut, !taken.items.isEmpty else { return taken }
      var releasedByteCount = 0
      taken.items.removeAll { item in
        guard leavesOut(item.position) else { return false }
        state.budget.pass(1)
        releasedByteCount += item.byteCount
        return true
      }
      stage.settle(released: releasedByteCount, made: 0)
      if !taken.items.isEmpty || taken.ending != nil { return taken }
    }
  }

  /// Takes samples of the group that has a batch, or of the next one; nil where there is none.
  private func takeInGroup(
    _ split: (Item) -> [Item], _ state: inout State
  ) throws(HeadraceError) -> Intake<Assignment, RowOutcome>? {
    while state.members.isEmpty {
      guard state.ending == nil, input.isReady else { return nil }
      let taken = input.take(state.spare == nil ? 0 : 1, chunk: 1)
      stage.report(taken.skipped)
      state.ending = taken.ending
      guard let group = taken.items.first else {
        guard taken.hasMore, state.spare == nil else { continue }
        state.spare = try sink.tryClaim()
        if state.spare == nil { return .idle(.blocked) }
        continue
      }
      state.members = split(group)[...]
      if let leavesOut { state.members.removeAll { leavesOut($0.position) } }
      guard state.members.count <= layout.spec.size else { throw tooManyMembers(state.members.count, group) }
      if state.members.isEmpty {
        stage.settle(released: group.byteCount, made: 0)
      } else {
        stage.hold(state.members.count)
        state.buffers[state.assembler.openBatch(rows: state.members.count)] = state.spare.take()
      }
    }
    let items = Array(state.members.prefix(state.workload.chunkSize))
    state.members = state.members.dropFirst(items.count)
    let (ticket, rows) = assign(items, &state)
    let chunk = state.workload.takeIn(firstTicket: ticket, count: rows.count) { place in
      Assignment(item: items[place], location: rows[place].location, buffer: rows[place].buffer)
    }
    return .work(chunk, hasMore: !state.members.isEmpty || input.isReady)
  }

  private func tooManyMembers(_ count: Int, _ group: Item) -> HeadraceError {
    stage.failure(
      HeadraceError(
        .batchTooLarge,
        "A group of \(HumanUnits.count(count, "sample")) came to stage \"\(stage.description.name)\","
          + " whose batches have room for \(HumanUnits.count(layout.spec.size));"
          + " raise BatchSpec.size, or make smaller groups."),
      position: group.position, label: group.label
    ).error
  }

  /// Gives each sample its row. Returns the first ticket; the others follow on it.
  private func assign(
    _ items: [Item], _ state: inout State
  ) -> (firstTicket: Int, rows: [(location: RowLocation, buffer: any BatchBuffer)]) {
    var rows: [(location: RowLocation, buffer: any BatchBuffer)] = []
    rows.reserveCapacity(items.count)
    var firstTicket: Int?
    var batch = -1
    var buffer: (any BatchBuffer)?
    for item in items {
      let (ticket, location) = state.assembler.assign(position: item.position)
      if firstTicket == nil { firstTicket = ticket }
      if batch != location.batch {
        batch = location.batch
        buffer = state.buffers[batch]
      }
      guard let buffer else { preconditionFailure("a row of batch \(batch), which is not open") }
      rows.append((location, buffer))
    }
    return (firstTicket ?? 0, rows)
  }

  /// Writes the rows that the chunk is left with, until the epoch is at its end.
  func work(_ chunk: RowChunk, lane: Int) {
    let begin = MonotonicClock.now
    var calls = 0
    var failed = 0
    var settled = 0
    var byteCount = 0
    let results = chunk.run { assignment, ticket in
      if stage.isDraining { return nil }
      let turn = stage.beginCall(lane: lane, assignment.item)
      let outcome: RowOutcome
      if case .convicted(let error) = turn {
        outcome = .failed(stage.failure(error, of: assignment.item))
      } else {
        outcome = write(assignment, ticket, chunk.terms)
        stage.endCall(turn, lane: lane, assignment.item.position)
      }
      calls += 1
      if case .written = outcome {} else { failed += 1 }
      if case .pending = outcome { return outcome }
      settled += 1
      byteCount += assignment.item.byteCount
      return outcome
    }
    let nanoseconds = MonotonicClock.now - begin
    stage.metrics.record(tasks: calls, failures: failed, filtered: 0, nanoseconds: nanoseconds)
    settle(results, lane: lane) { $0.close(chunk, samples: calls, nanoseconds: nanoseconds) }
    stage.settle(settled, released: byteCount, made: 0)
  }

  /// Runs the closure for one sample.
  private func write(_ assignment: borrowing Assignment, _ ticket: Int, _ terms: ChunkTerms) -> RowOutcome {
    var row = unsafe Row(
      layout: layout, payload: assignment.buffer.bytes, location: assignment.location,
      context: stage.sample(assignment.item.position))
    let task = stage.beginTask(assignment.item.position, assignment.item.label)
    do {
      if let remote {
        try remote.fill(assignment.item, &row, buffer: assignment.buffer.number)
      } else {
        try fill(assignment.item, &row)
      }
      let untouched = row.untouchedNames
      if untouched.isEmpty {
        task?.end(.done)
        return .written(row.result.gathered)
      }
      let names = untouched.map { "\"\($0)\"" }.joined(separator: ", ")
      throw HeadraceError(
        .stageFailed,
        "The closure of stage \"\(stage.description.name)\" wrote nothing to tensor \(names); slots are"
          + " reused, so each row must be written in full.")
    } catch {
      task?.end(.failed(error))
      let policy = stage.description.failurePolicy
      let attempt = terms.attempt + 1
      if attempt <= policy.retries, !stage.isDraining, !error.endsProcesses {
        stage.metrics.recordRetry()
        let due = MonotonicClock.now + policy.backoffNanoseconds(before: attempt)
        let next = Retry(assignment: copy assignment, terms: ChunkTerms(attempt: attempt))
        state.withLock { $0.retries.add(next, ticket: ticket, due: due) }
        stage.postpone()
        stage.signal(at: due)
        return .pending
      }
      return .failed(stage.failure(error, of: assignment.item))
    }
  }

  func withWorkload<Result: Sendable>(
    _ body: (inout Workload<Assignment, RowOutcome>) -> sending Result
  ) -> Result {
    state.withLock { body(&$0.workload) }
  }

  func handOn(_ results: RowChunk.Results) { settle(results, lane: nil) { _ in } }

  /// Notes what was written, publishes what is ready, and ends the run after the last.
  private func settle(
    _ results: RowChunk.Results, lane: Int?, closing: (inout Workload<Assignment, RowOutcome>) -> Void
  ) {
    let outcome: RunOutcome? = state.withLock { state in
      closing(&state.workload)
      for (offset, outcome) in results.outputs.enumerated() {
        switch outcome {
        case .written(let gathered):
          if let gathered { state.gathered[gathered.location] = gathered }
          state.workload.handedOn(1)
          state.assembler.filled(results.firstTicket + offset)
        case .failed(let failure):
          state.workload.handedOn(1)
          state.assembler.failed(results.firstTicket + offset, failure)
        case .pending: break
        }
      }
      return state.isOver ? nil : commitReady(&state)
    }
    if let outcome { stage.complete(outcome) } else { finishBatches(lane: lane) }
  }

  /// Does to complete batches what is to be done to them, oldest first, and hands on those whose turn it is. Other
  /// lanes may do the same side by side, or go on with rows.
  private func finishBatches(lane: Int?) {
    if finishes.isEmpty { return }
    while let (number, batch) = state.withLock({ $0.isOver ? nil : $0.finishing.takeNext() }) {
      // Whatever happens now, the sample that the lane wrote last has no part in it.
      if let lane { stage.observer?.end(lane: lane) }
      let begin = MonotonicClock.now
      var failure: HeadraceError?
      do throws(HeadraceError) {
        try finish(batch)
      } catch {
        failure = error
        failure?.stage = stage.description.name
      }
      stage.metrics.recordFinish(nanoseconds: MonotonicClock.now - begin)
      let outcome: RunOutcome? = state.withLock { state in
        if state.isOver { return nil }
        state.finishing.finished(number, failure)
        return handOnFinished(&state) ?? commitReady(&state)
      }
      if let outcome { stage.complete(outcome) }
    }
  }

  /// Hands on the batches whose turn it is. Returns the outcome, where an error has its turn.
  private func handOnFinished(_ state: inout State) -> RunOutcome? {
    while let leaving = state.finishing.leaveNext() {
      switch leaving {
      case .failure(let error): return end(.failed(error), &state)
      case .batch(let batch):
        do throws(HeadraceError) {
          try publish(batch)
        } catch {
          return end(.failed(error), &state)
        }
      }
    }
    return nil
  }

  private func finish(_ batch: CompleteBatch) throws(HeadraceError) {
    var filled = unsafe FilledBatch(
      layout, payload: batch.buffer.bytes, rowCount: batch.positions.count, context: stage.sample(batch.positions[0]))
    for finish in finishes { try finish.run(&filled) }
  }

  private func publish(_ batch: CompleteBatch) throws(HeadraceError) {
    try batch.buffer.publish(
      tensors: batch.tensors, positions: batch.positions.map(UInt64.init), epoch: stage.epoch)
  }

  /// Decides the outcome.
  private func end(_ outcome: RunOutcome, _ state: inout State) -> RunOutcome {
    state.isOver = true
    state.buffers = [:]
    state.gathered = [:]
    state.spare = nil
    state.finishing = FinishQueue()
    return outcome
  }

  /// Completes every batch that is ready, in order. Called with the lock held, which is what keeps the order.
  private func commitReady(_ state: inout State) -> RunOutcome? {
    let hasEnded = state.ending != nil && state.workload.count == 0 && state.members.isEmpty
    while !state.finishing.isFailing {
      // After a failure upstream, the rest does not fill a batch and is not delivered.
      let mayCommitPartial = hasEnded && !state.ending.isFailure
      guard let step = state.assembler.nextStep(hasEnded: mayCommitPartial) else { break }
      switch step {
      case .failed(let failure):
        if let error = state.budget.spend(failure.error) {
          // After the batches before it.
          state.finishing.fail(error)
        } else {
          stage.report([failure])
        }
      case .commit(let batch, let rows, let positions):
        state.budget.pass(rows.count)
        do throws(HeadraceError) {
          try complete(batch, rows: rows, positions: positions, &state)
        } catch {
          state.finishing.fail(error)
        }
      }
    }
    if let failed = handOnFinished(&state) { return failed }
    guard hasEnded && state.finishing.isEmpty else { return nil }
    if case .failure(let error)? = state.ending { return end(.failed(error), &state) }
    return end(state.budget.atEnd().map(RunOutcome.failed) ?? .completed, &state)
  }

  /// Closes a batch, and hands it on unless something is to be done to it first.
  private func complete(
    _ batch: Int, rows: [RowLocation], positions: [Int], _ state: inout State
  ) throws(HeadraceError) {
    // Each is of this batch from here on, or of none.
    let gathered = layout.gathered.isEmpty ? [] : rows.compactMap { state.gathered.removeValue(forKey: $0) }
    guard let buffer = state.buffers[batch] else { preconditionFailure("batch \(batch) is ready and not open") }
    defer { state.buffers[batch] = nil }
    let moved = unsafe PlacedRows(layout).closeHoles(of: batch, rows: rows) { unsafe state.buffers[$0]?.bytes }
    if moved > 0 { stage.observer?.copied(byteCount: moved) }
    var rowCount = positions.count
    // Of a group no sample may be left.
    if rowCount == 0 { return }
    if rowCount < layout.spec.size {
      switch partial {
      case .drop: return stage.metrics.recordDropped(rowCount)
      case .emit: break
      case .pad:
        unsafe PlacedRows(layout).clear(rowCount..<layout.spec.size, memory: buffer.bytes)
        rowCount = layout.spec.size
      }
    }
    let laidOut = layout.gathered.isEmpty ? [] : try unsafe layOut(gathered, rowCount, buffer.bytes)
    let complete = CompleteBatch(
      buffer: buffer, positions: positions, tensors: layout.list(rows: rowCount) { laidOut[$0] })
    if finishes.isEmpty { try publish(complete) } else { state.finishing.add(complete) }
  }

  /// Writes the rows that had no place yet. Returns the tensors that hold them.
  private func layOut(
    _ rows: [GatheredRow], _ rowCount: Int, _ payload: UnsafeMutableRawBufferPointer
  ) throws(HeadraceError) -> [[BatchTensor]] {
    do throws(HeadraceError) {
      let (tensors, byteCount) = try unsafe GatheredBatch(layout, rows: rows, rowCount: rowCount).write(to: payload)
      stage.observer?.copied(byteCount: byteCount)
      return tensors
    } catch {
      var named = error
      named.stage = stage.description.name
      throw named
    }
  }
}
