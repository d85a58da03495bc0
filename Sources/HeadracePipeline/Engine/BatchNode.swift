import HeadraceCore
import Synchronization

/// The last stage: writes samples into rows of the sink's buffers, on several lanes at once, and publishes full batches.
final class BatchNode: StageNode {
  private struct State {
    var assembler: BatchAssembler
    /// Memory of the open batches, by the assembler's numbers.
    var buffers: [Int: any BatchBuffer] = [:]
    var budget: FailureBudget
    var run = RunLength()
    var inFlight = 0
    var ending: Ending?
    /// The outcome is decided; nothing is published any more.
    var isOver = false
  }

  /// A sample, and the row that it will be written to.
  private struct Assignment {
    let item: Item<AnySample>
    let ticket: Int
    let row: Int
    /// Index in the intake's buffers.
    let buffer: Int
  }

  private struct Intake {
    var assignments: [Assignment] = []
    /// Of the batches that the assignments belong to: one, or two where a batch ends.
    var buffers: [any BatchBuffer] = []
    var hasMore = false
    var idle: SliceResult?
    var outcome: RunOutcome?
  }

  private let input: HandoverQueue<AnySample>
  private let sink: any BatchSink
  private let stage: StageContext
  private let spec: BatchSpec
  private let partial: PartialBatch
  private let tensors: [BatchTensor]
  private let fill: @Sendable (AnySample, inout Row) throws -> Void
  private let state: Mutex<State>

  init(
    input: HandoverQueue<AnySample>, sink: any BatchSink, stage: StageContext, spec: BatchSpec, partial: PartialBatch,
    fill: @escaping @Sendable (AnySample, inout Row) throws -> Void
  ) {
    self.input = input
    self.sink = sink
    self.stage = stage
    self.spec = spec
    self.partial = partial
    self.fill = fill
    tensors = BatchTensor.layOut(spec, rows: spec.size)
    state = Mutex(
      State(
        assembler: BatchAssembler(size: spec.size, ordering: stage.description.ordering),
        budget: FailureBudget(stage.description.failurePolicy)))
  }

  func runSlice(lane: Int) -> SliceResult {
    let start = Clock.now
    while true {
      if stage.scheduler.isDraining { return .finished }
      let intake = takeIn()
      if let outcome = intake.outcome { stage.complete(outcome) }
      if let idle = intake.idle { return idle }
      if intake.hasMore && stage.description.concurrency > 1 { stage.scheduler.signal(stage.index) }
      stage.begin(lane: lane, intake.assignments[0].item)
      let begin = Clock.now
      var failures: [Int: SampleFailure] = [:]
      var calls = 0
      for assignment in intake.assignments where !stage.scheduler.isDraining {
        if let failure = write(assignment, intake.buffers[assignment.buffer]) { failures[calls] = failure }
        calls += 1
      }
      let end = Clock.now
      stage.metrics.record(tasks: calls, failures: failures.count, filtered: 0, nanoseconds: end - begin)
      if calls < intake.assignments.count { return .finished }
      if let outcome = settle(intake.assignments, failures, nanoseconds: end - begin) {
        stage.complete(outcome)
        return .finished
      }
      if end - start > StageContext.sliceNanoseconds { return .again }
    }
  }

  /// Takes samples for which there are rows, opening a batch if there is need.
  private func takeIn() -> Intake {
    state.withLock { state in
      var intake = Intake()
      if state.isOver || state.ending != nil {
        intake.idle = .finished
        return intake
      }
      guard input.isReady else {
        intake.idle = .starved
        return intake
      }
      let run = state.run.count
      var taken = input.take(min(run, state.assembler.freeRowCount), run: run)
      // With the lock held, which is what keeps the order.
      stage.report(taken.skipped)
      if taken.items.isEmpty && taken.hasMore {
        // A sample waits and has no row. Memory is claimed for nothing less: an ending needs none.
        do throws(HeadraceError) {
          guard let buffer = try sink.tryClaim() else {
            intake.idle = .blocked
            return intake
          }
          state.buffers[state.assembler.openBatch()] = buffer
        } catch {
          state.isOver = true
          intake.outcome = .failed(error)
          intake.idle = .finished
          return intake
        }
        taken = input.take(min(run, state.assembler.freeRowCount), run: run)
        stage.report(taken.skipped)
      }
      intake.hasMore = taken.hasMore
      state.ending = taken.ending
      intake.assignments.reserveCapacity(taken.items.count)
      var current = -1
      for item in taken.items {
        let (ticket, location) = state.assembler.assign(position: item.position)
        if current != location.batch, let buffer = state.buffers[location.batch] {
          current = location.batch
          intake.buffers.append(buffer)
        }
        intake.assignments.append(
          Assignment(item: item, ticket: ticket, row: location.row, buffer: intake.buffers.count - 1))
      }
      state.inFlight += intake.assignments.count
      if intake.assignments.isEmpty {
        intake.outcome = commitReady(&state)
        intake.idle = state.ending == nil ? .starved : .finished
      }
      return intake
    }
  }

  /// Runs the closure for one sample. Returns the failure, if it fails.
  private func write(_ assignment: Assignment, _ buffer: any BatchBuffer) -> SampleFailure? {
    let item = assignment.item
    var row = unsafe Row(
      specs: spec.tensors, tensors: tensors, payload: buffer.bytes, index: assignment.row)
    do {
      try fill(item.value, &row)
      let untouched = row.untouchedNames
      if untouched.isEmpty { return nil }
      let names = untouched.map { "\"\($0)\"" }.joined(separator: ", ")
      throw HeadraceError(
        .stageFailed,
        "The closure of stage \"\(stage.description.name)\" wrote nothing to tensor \(names); slots are"
          + " reused, so each row must be written in full.")
    } catch {
      return stage.failure(error, position: item.position, label: item.label)
    }
  }

  /// Notes what was written and publishes what is ready.
  ///
  /// - Parameter failures: by index in `assignments`.
  ///
  /// Returns the outcome of the run when this was the last.
  private func settle(
    _ assignments: [Assignment], _ failures: [Int: SampleFailure], nanoseconds: UInt64
  ) -> RunOutcome? {
    state.withLock { state in
      state.inFlight -= assignments.count
      state.run.adapt(samples: assignments.count, nanoseconds: nanoseconds)
      guard !state.isOver else { return nil }
      for (index, assignment) in assignments.enumerated() {
        if let failure = failures[index] {
          state.assembler.failed(assignment.ticket, failure)
        } else {
          state.assembler.filled(assignment.ticket)
        }
      }
      return commitReady(&state)
    }
  }

  /// Publishes every batch that is ready, in order. Called with the lock held, which is what keeps the order.
  private func commitReady(_ state: inout State) -> RunOutcome? {
    let hasEnded = state.ending != nil && state.inFlight == 0
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
      default: outcome = .completed
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
