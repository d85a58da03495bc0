import HeadraceCore
import Synchronization

/// The last stage: writes samples into rows of the sink's buffers, on several lanes at once, and publishes full batches.
final class BatchNode: ChunkedNode {
  /// What became of a sample.
  enum RowOutcome: Sendable {
    case written
    case failed(SampleFailure)
    /// It is to be tried again.
    case pending
  }

  typealias RowChunk = Chunk<Assignment, RowOutcome>

  private struct State {
    var workload: Workload<Assignment, RowOutcome> = Workload()
    var retries: RetryQueue<Retry> = RetryQueue()
    var assembler: BatchAssembler
    /// Memory of the open batches, by the assembler's numbers.
    var buffers: [Int: any BatchBuffer] = [:]
    var budget: FailureBudget
    var ending: Ending?
    /// The outcome is decided; nothing is published any more.
    var isOver = false
  }

  /// A sample, and the row that it will be written to.
  struct Assignment {
    let item: Item
    let row: Int
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
  private let spec: BatchSpec
  private let partial: PartialBatch
  private let tensors: [BatchTensor]
  private let fill: @Sendable (Item, inout Row) throws -> Void
  private let state: Mutex<State>

  init(
    _ assembly: StageAssembly, sink: any BatchSink, spec: BatchSpec, partial: PartialBatch,
    fill: @escaping @Sendable (Item, inout Row) throws -> Void
  ) {
    input = assembly.inputs[0]
    stage = assembly.stage
    self.sink = sink
    self.spec = spec
    self.partial = partial
    self.fill = fill
    tensors = BatchTensor.layOut(spec, rows: spec.size)
    state = Mutex(
      State(
        assembler: BatchAssembler(size: spec.size, ordering: stage.description.ordering),
        budget: FailureBudget(stage.description.failurePolicy, total: stage.failureTotal)))
  }

  /// Takes samples for which there are rows, opening a batch if there is need.
  func takeIn() -> Intake<Assignment, RowOutcome> {
    var outcome: RunOutcome?
    let intake: Intake<Assignment, RowOutcome> = state.withLock { state in
      if state.isOver { return .idle(.finished) }
      if let chunk = state.workload.takeReturned() { return .work(chunk, hasMore: true) }
      if let retry = state.retries.takeDue(now: Clock.now) {
        let chunk = state.workload.takeAgain(
          ticket: retry.ticket, task: retry.call.assignment, terms: retry.call.terms)
        return .work(chunk, hasMore: true)
      }
      // Its batches come after those of the epoch before.
      guard stage.generation.isOpen else { return .idle(.blocked) }
      guard state.ending == nil, input.isReady else { return .idle(.starved) }
      let size = state.workload.chunkSize
      var taken = input.take(min(size, state.assembler.freeRowCount), chunk: size)
      // With the lock held, which is what keeps the order.
      stage.report(taken.skipped)
      if taken.items.isEmpty && taken.hasMore {
        // A sample waits and has no row. Memory is claimed for nothing less: an ending needs none.
        do throws(HeadraceError) {
          guard let buffer = try sink.tryClaim() else { return .idle(.blocked) }
          state.buffers[state.assembler.openBatch()] = buffer
        } catch {
          state.isOver = true
          outcome = .failed(error)
          return .idle(.finished)
        }
        taken = input.take(min(size, state.assembler.freeRowCount), chunk: size)
        stage.report(taken.skipped)
      }
      state.ending = taken.ending
      guard !taken.items.isEmpty else {
        outcome = commitReady(&state)
        return .idle(state.isOver ? .finished : .starved)
      }
      let (ticket, rows) = assign(taken.items, &state)
      let chunk = state.workload.takeIn(firstTicket: ticket, count: rows.count) { place in
        Assignment(item: taken.items.removeLast(), row: rows[place].row, buffer: rows[place].buffer)
      }
      return .work(chunk, hasMore: taken.hasMore)
    }
    if let outcome { stage.complete(outcome) }
    return intake
  }

  /// Gives each sample its row. Returns the first ticket; the others follow on it.
  private func assign(
    _ items: [Item], _ state: inout State
  ) -> (firstTicket: Int, rows: [(row: Int, buffer: any BatchBuffer)]) {
    var rows: [(row: Int, buffer: any BatchBuffer)] = []
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
      rows.append((location.row, buffer))
    }
    return (firstTicket ?? 0, rows)
  }

  /// Writes the rows that the chunk is left with, until the epoch is at its end.
  func work(_ chunk: RowChunk, lane: Int) {
    let begin = Clock.now
    var calls = 0
    var failed = 0
    var byteCount = 0
    let results = chunk.run { assignment, ticket in
      if stage.isDraining { return nil }
      stage.begin(lane: lane, assignment.item)
      let outcome = write(assignment, ticket, chunk.terms)
      calls += 1
      switch outcome {
      case .written: byteCount += assignment.item.byteCount
      case .failed:
        failed += 1
        byteCount += assignment.item.byteCount
      case .pending: failed += 1
      }
      return outcome
    }
    let nanoseconds = Clock.now - begin
    stage.metrics.record(tasks: calls, failures: failed, filtered: 0, nanoseconds: nanoseconds)
    settle(results) { $0.close(chunk, samples: calls, nanoseconds: nanoseconds) }
    stage.settle(released: byteCount, made: 0)
  }

  /// Runs the closure for one sample.
  private func write(_ assignment: borrowing Assignment, _ ticket: Int, _ terms: ChunkTerms) -> RowOutcome {
    var row = unsafe Row(
      specs: spec.tensors, tensors: tensors, payload: assignment.buffer.bytes, index: assignment.row)
    let task = stage.beginTask(assignment.item.position, assignment.item.label)
    do {
      try fill(assignment.item, &row)
      let untouched = row.untouchedNames
      if untouched.isEmpty {
        task?.end(.done)
        return .written
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
      if attempt <= policy.retries, !stage.isDraining {
        stage.metrics.recordRetry()
        let due = Clock.now + policy.backoffNanoseconds(before: attempt)
        let next = Retry(assignment: copy assignment, terms: ChunkTerms(attempt: attempt))
        state.withLock { $0.retries.add(next, ticket: ticket, due: due) }
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

  func handOn(_ results: RowChunk.Results) { settle(results) { _ in } }

  /// Notes what was written, publishes what is ready, and ends the run after the last.
  private func settle(
    _ results: RowChunk.Results, closing: (inout Workload<Assignment, RowOutcome>) -> Void
  ) {
    let outcome: RunOutcome? = state.withLock { state in
      closing(&state.workload)
      for (offset, outcome) in results.outputs.enumerated() {
        switch outcome {
        case .written:
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
    if let outcome { stage.complete(outcome) }
  }

  /// Publishes every batch that is ready, in order. Called with the lock held, which is what keeps the order.
  private func commitReady(_ state: inout State) -> RunOutcome? {
    let hasEnded = state.ending != nil && state.workload.count == 0
    var outcome: RunOutcome?
    while outcome == nil {
      // After a failure upstream, the rest does not fill a batch and is not delivered.
      let mayCommitPartial = hasEnded && !state.ending.isFailure
      guard let step = state.assembler.nextStep(hasEnded: mayCommitPartial) else { break }
      switch step {
      case .failed(let failure):
        if let error = state.budget.spend(failure.error) {
          outcome = .failed(error)
        } else {
          stage.report([failure])
        }
      case .commit(let batch, let rows, let positions):
        state.budget.pass(rows.count)
        do throws(HeadraceError) {
          try publish(batch, rows: rows, positions: positions, &state)
        } catch {
          outcome = .failed(error)
        }
      }
    }
    if outcome == nil && hasEnded {
      switch state.ending {
      case .failure(let error)?: outcome = .failed(error)
      default: outcome = state.budget.atEnd().map(RunOutcome.failed) ?? .completed
      }
    }
    if outcome != nil {
      state.isOver = true
      state.buffers = [:]
    }
    return outcome
  }

  private func publish(
    _ batch: Int, rows: [BatchAssembler.Location], positions: [Int], _ state: inout State
  ) throws(HeadraceError) {
    guard let buffer = state.buffers.removeValue(forKey: batch) else { return }
    closeHoles(batch, buffer, rows, state)
    var rowCount = positions.count
    if rowCount < spec.size {
      switch partial {
      case .drop: return
      case .emit: break
      case .pad:
        clear(buffer, rows: rowCount..<spec.size)
        rowCount = spec.size
      }
    }
    // Offsets stay those of a full batch, so a partial one needs no move.
    let shaped = tensors.map { tensor in
      BatchTensor(
        name: tensor.name, dtype: tensor.dtype, shape: [rowCount] + tensor.shape.dropFirst(),
        byteOffset: tensor.byteOffset)
    }
    try buffer.publish(tensors: shaped, positions: positions.map(UInt64.init), epoch: stage.epoch)
  }

  /// Moves rows to where they belong. Nothing to do unless a sample failed.
  private func closeHoles(
    _ batch: Int, _ buffer: any BatchBuffer, _ rows: [BatchAssembler.Location], _ state: State
  ) {
    let moved = rows.enumerated().filter { $0.element != BatchAssembler.Location(batch: batch, row: $0.offset) }
    guard !moved.isEmpty else { return }
    for (tensor, spec) in zip(tensors, spec.tensors) {
      let size = spec.byteCount
      // Through private memory, because a row's new place may be another's old one.
      var kept: [UInt8] = []
      kept.reserveCapacity(moved.count * size)
      for (_, source) in moved {
        let memory = source.batch == batch ? unsafe buffer.bytes : unsafe state.buffers[source.batch]?.bytes
        let start = tensor.byteOffset + source.row * size
        if let memory = unsafe memory { unsafe kept.append(contentsOf: memory[start..<(start + size)]) }
      }
      for (place, (row, _)) in moved.enumerated() {
        let start = tensor.byteOffset + row * size
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[start..<(start + size)])
          .copyBytes(from: kept[(place * size)..<((place + 1) * size)])
      }
    }
    stage.observer?.copied(byteCount: moved.count * spec.tensors.reduce(0) { $0 + $1.byteCount })
  }

  private func clear(_ buffer: any BatchBuffer, rows: Range<Int>) {
    for (tensor, spec) in zip(tensors, spec.tensors) {
      let start = tensor.byteOffset + rows.lowerBound * spec.byteCount
      let end = tensor.byteOffset + rows.upperBound * spec.byteCount
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[start..<end])
        .initializeMemory(as: UInt8.self, repeating: 0)
    }
  }
}
