import HeadraceCore
import HeadraceSystem
import Synchronization

/// A stage that an operator describes: runs it on one lane at a time, and connects it with its queues.
final class OperatorNode<Operator: StreamOperator>: StageNode {
  private struct State: Sendable {
    var operation: Operator
    /// What `next` said and could not be done yet.
    var step: OperatorStep?
    /// Items that were taken from each input, and not yet received.
    var waiting: [Deque<Item>]
    /// How each input ended; nil while it has not.
    var endings: [Ending?]
    /// Inputs of whose end the operator knows.
    var told: Set<Int> = []
    /// Where `.any` looks first.
    var turn = 0
    var places: [OutputPlaces]
    var armed: UInt64 = .max
    var isOver = false
    /// Bytes of what came in and was not counted as left.
    var receivedByteCount = 0
    var emittedByteCount = 0
    /// Bytes that are counted as held.
    var heldByteCount = 0
    var tasks = 0
    var failures = 0
    /// Samples that were received and are not counted by the policy yet.
    var uncountedSamples = 0
    /// Why an item could not be gone on with: an ending with an error, which passes after all that came before it.
    var failure: Ending?

    /// Bytes of what waits for a place.
    var stepByteCount: Int {
      guard case .emit(let item, _)? = step else { return 0 }
      return item.byteCount
    }
  }

  private let inputs: [HandoverQueue]
  private let outputs: [HandoverQueue]
  private let stage: StageContext
  private let state: Mutex<State>
  private let isCancelled = Atomic<Bool>(false)
  /// Whether a lane is at work here, or has left something that could not be handed on. Said before the budget is told,
  /// which asks those again that it has refused.
  private let mayHaveOutput = Atomic<Bool>(false)

  /// How many items are taken, and places reserved, at once.
  private static var chunkSize: Int { 64 }

  init(_ operation: Operator, _ assembly: StageAssembly) {
    inputs = assembly.inputs
    outputs = assembly.outputs
    stage = assembly.stage
    state = Mutex(
      State(
        operation: operation, waiting: inputs.map { _ in Deque() }, endings: inputs.map { _ in nil },
        places: outputs.map { _ in OutputPlaces() }))
  }

  var hasOutput: Bool { mayHaveOutput.load(ordering: .sequentiallyConsistent) }

  func runSlice(lane: Int) -> SliceResult {
    defer { leaveIfCancelled() }
    return state.withLock { state in
      mayHaveOutput.store(true, ordering: .sequentiallyConsistent)
      let start = MonotonicClock.now
      var now = start
      var steps = 0
      var result = SliceResult.again
      while true {
        if state.isOver || stage.isDraining {
          result = .finished
          break
        }
        // The clock is read now and then: most steps take some nanoseconds.
        if steps & 15 == 0 { now = MonotonicClock.now }
        steps += 1
        if now - start > StageContext.sliceNanoseconds { break }
        let step = state.step ?? state.operation.next(now: now)
        state.step = nil
        if let reason = perform(step, &state, now: now, lane: lane) {
          result = reason
          break
        }
      }
      if state.step == nil, result != .again { mayHaveOutput.store(false, ordering: .sequentiallyConsistent) }
      handOn(&state)
      let end = MonotonicClock.now
      stage.metrics.record(
        tasks: state.tasks, failures: state.failures, filtered: 0, nanoseconds: end - start)
      state.tasks = 0
      state.failures = 0
      return result
    }
  }

  /// Whether it matters at the end how many samples there were.
  private var countsFraction: Bool {
    if case .fraction = stage.description.failurePolicy.tolerance { return true }
    return false
  }

  /// Does what the operator wants. Returns why the slice ends, if it does.
  private func perform(_ step: OperatorStep, _ state: inout State, now: UInt64, lane: Int) -> SliceResult? {
    switch step {
    case .emit(let item, let port):
      guard makeRoom(port, &state) else {
        state.step = step
        return state.isOver ? .finished : .blocked
      }
      // What nobody wants is in flight no longer.
      if !state.places[port].isCancelled { state.emittedByteCount += item.byteCount }
      state.places[port].put(.value(item))
    case .fail(let failure):
      guard makeRoom(0, &state) else {
        state.step = step
        return state.isOver ? .finished : .blocked
      }
      state.failures += 1
      // The failure counts as a sample, and is one of those that were received; so this can be -1.
      state.places[0].put(.many([.samples(state.uncountedSamples - 1), .failed(failure)]))
      state.uncountedSamples = 0
    case .end:
      if countsFraction, state.uncountedSamples > 0 {
        guard makeRoom(0, &state) else {
          state.step = step
          return state.isOver ? .finished : .blocked
        }
        state.places[0].put(.samples(state.uncountedSamples))
      }
      stage.metrics.recordDropped(state.operation.droppedCount)
      end(&state, .endOfEpoch)
      return .finished
    case .take(let wanted, let until):
      return take(wanted, until: until, &state, now: now, lane: lane)
    }
    return nil
  }

  private func take(
    _ wanted: OperatorInput, until: UInt64?, _ state: inout State, now: UInt64, lane: Int
  ) -> SliceResult? {
    guard let port = findInput(wanted, &state) else {
      if let failure = state.failure {
        end(&state, failure)
        return .finished
      }
      if state.isOver { return .finished }
      guard let until else { return .starved }
      if until <= MonotonicClock.now { return nil }
      if until < state.armed || state.armed <= now {
        state.armed = until
        stage.signal(at: until)
      }
      return .starved
    }
    guard let item = state.waiting[port].count > 0 ? state.waiting[port].popFirst() : nil else {
      state.told.insert(port)
      state.operation.inputEnded(port)
      return nil
    }
    if item.isMark {
      state.operation.receiveMark(from: port)
      return nil
    }
    if Operator.callsOut { handOn(&state) }
    var task: HookedTask?
    if item.isSample {
      state.tasks += 1
      state.uncountedSamples += 1
      state.receivedByteCount += item.byteCount
      stage.begin(lane: lane, item)
      task = stage.beginTask(item.position, item.label)
    }
    do {
      try state.operation.receive(item, from: port, now: now)
      task?.end(.done)
    } catch {
      task?.end(.failed(error))
      state.step = .fail(stage.failure(error, of: item))
    }
    return nil
  }

  /// An input that has something: an item, or an end that the operator does not know of. Nil: none.
  private func findInput(_ wanted: OperatorInput, _ state: inout State) -> Int? {
    switch wanted {
    case .port(let port): return hasSomething(port, &state) ? port : nil
    case .any:
      for offset in inputs.indices {
        let port = (state.turn + offset) % inputs.count
        let found = hasSomething(port, &state)
        if state.failure != nil { return nil }
        if found {
          state.turn = state.waiting[port].count > 1 ? port : (port + 1) % inputs.count
          return port
        }
      }
      return nil
    }
  }

  private func hasSomething(_ port: Int, _ state: inout State) -> Bool {
    if !state.waiting[port].isEmpty { return true }
    if state.endings[port] == nil {
      let taken = inputs[port].take(Self.chunkSize, chunk: Self.chunkSize)
      stage.report(taken.skipped)
      for item in taken.items { state.waiting[port].append(item) }
      state.endings[port] = taken.ending
      if !state.waiting[port].isEmpty { return true }
    }
    guard let ending = state.endings[port] else { return false }
    if ending.isFailure {
      // Nothing follows that error, whatever the other inputs have.
      state.failure = ending
      return false
    }
    return !state.told.contains(port)
  }

  // MARK: Output

  /// Makes sure that there is a place for one more. A cancelled output takes all and keeps nothing; when all are, the
  /// stage is over.
  private func makeRoom(_ port: Int, _ state: inout State) -> Bool {
    if state.places[port].hasRoom { return true }
    fill(port, &state)
    let place = outputs[port].reserve(Self.chunkSize, chunk: Self.chunkSize)
    if place.isCancelled {
      state.places[port].isCancelled = true
      if state.places.allSatisfy(\.isCancelled) { end(&state, .endOfEpoch) }
      return !state.isOver
    }
    state.places[port].renew(place)
    return place.count > 0
  }

  private func fill(_ port: Int, _ state: inout State) {
    var (ticket, outcomes, unused) = state.places[port].takeAll()
    outputs[port].unreserve(unused)
    outputs[port].fill(ticket, &outcomes)
  }

  /// Hands on what was made, and gives back places that were not used.
  private func handOn(_ state: inout State) {
    for port in outputs.indices { fill(port, &state) }
    // Also if both are the same: stages that were refused may be waiting for these samples to be taken.
    if stage.budget != nil {
      let held = state.isOver ? 0 : state.operation.heldByteCount + state.stepByteCount
      stage.settle(
        released: state.receivedByteCount + state.heldByteCount, made: state.emittedByteCount + held)
      state.heldByteCount = held
    }
    state.receivedByteCount = 0
    state.emittedByteCount = 0
  }

  private func end(_ state: inout State, _ ending: Ending) {
    leaveAll(&state)
    handOn(&state)
    for output in outputs { output.finish(ending) }
    for (input, known) in zip(inputs, state.endings) where known == nil { input.cancel() }
  }

  /// Nothing that is held or waits is gone on with.
  private func leaveAll(_ state: inout State) {
    state.isOver = true
    for port in state.waiting.indices {
      while !state.waiting[port].isEmpty { state.receivedByteCount += state.waiting[port].popFirst().byteCount }
    }
  }

  /// A node that begins anew in another pass of a repeat is not called again: what it holds is in flight no longer.
  func cancel() {
    isCancelled.store(true, ordering: .sequentiallyConsistent)
    leaveIfCancelled()
  }

  /// Whoever cancels does not wait for a lane that is at work: a closure may never return. That lane looks afterwards.
  private func leaveIfCancelled() {
    guard isCancelled.load(ordering: .sequentiallyConsistent) else { return }
    _ = state.withLockIfAvailable { state in
      mayHaveOutput.store(false, ordering: .sequentiallyConsistent)
      if state.isOver { return }
      leaveAll(&state)
      handOn(&state)
    }
  }
}
