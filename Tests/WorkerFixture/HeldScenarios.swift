import Glibc
import Headrace
import HeadraceSystem

/// Batches that are held, and waits that end without a batch.
enum HeldScenarios {
  /// Holds batch 5 and takes many more, over several epochs: `held SLOTS BATCHES`.
  static func held(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(Samples.pipeline(1000), threads: 2, slots: scenario.number(0, 4))
    var held: Held?
    var sequence = 0
    var wrong = 0
    while sequence < scenario.number(1, 3000) {
      guard let batch = try batches.next(timeout: .seconds(20)) else { continue }
      let first = batch.sequence % 100 * 10
      let values = try Samples.values(batch)
      if batch.sequence != sequence || batch.epoch != sequence / 100 || values != Array(first..<(first + 10)) {
        wrong += 1
      }
      sequence += 1
      if batch.sequence == 5 { held = Held(batch) }
    }
    emit("wrong", wrong)
    emit("epoch", batches.epoch)
    if let held { emit("held", "\(held.batch.sequence) \(try Samples.values(held.batch) == Array(50..<60))") }
  }

  /// Two slots, one held for ever; each epoch is given up while a batch is being written: `held-skip CYCLES`.
  ///
  /// The source's reader takes its time to close, so that the batch that was begun is given up when the next epoch has
  /// already looked for a slot.
  static func heldAndSkipped(_ scenario: Scenario) throws {
    let page = SharedPage()
    let source = HookedSource(length: 100_000, closing: { Assassin.work(microseconds: 5000) })
    let pipeline = Pipeline(from: source)
      .batch(Samples.spec) { value, row in
        if value == 11 {
          page[.reached] += 1
          Assassin.work(microseconds: 1000)
        }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 2)
    guard let first = try batches.next() else { return }
    let held = Held(first)
    page.wait(.reached)
    batches.skipRestOfEpoch()
    for cycle in 1...scenario.number(0, 50) {
      do throws(HeadraceError) {
        guard let batch = try batches.next(timeout: .seconds(5)) else { continue }
        if batch.epoch != cycle { emit("wrong", "epoch \(batch.epoch) in cycle \(cycle)") }
      } catch {
        emit("stuck", "cycle \(cycle): \(error)")
        return
      }
      page.wait(.reached, for: UInt64(cycle + 1))
      batches.skipRestOfEpoch()
    }
    emit("held", try Samples.values(held.batch) == Array(0..<10))
    emit("epoch", batches.epoch)
  }

  /// All slots held: what `next(timeout:)` says, and that nothing is lost: `all-held TIMEOUT_MS`, 0 for no timeout.
  static func allHeld(_ scenario: Scenario) throws {
    let timeout: Duration? = scenario.number(0) == 0 ? nil : .milliseconds(scenario.number(0))
    var batches = try runPipelineInSubprocess(Samples.pipeline(1000), threads: 2, slots: 3)
    var held: [Held?] = []
    var values: [Int] = []
    while held.count < 3, let batch = try batches.next() {
      values += try Samples.values(batch)
      held.append(Held(batch))
    }
    for _ in 0..<(timeout == nil ? 1 : 3) {
      do throws(HeadraceError) {
        _ = try batches.next(timeout: timeout)
      } catch {
        emit("code", error.code)
        emit("message", error.message)
      }
    }
    held[1] = nil
    while let batch = try batches.next(timeout: .seconds(20)) { values += try Samples.values(batch) }
    emit("exact", values == Array(0..<1000))
  }

  /// A stage that takes its time: the timeout names it, and nothing is lost.
  static func slowStage(_ scenario: Scenario) throws {
    let page = SharedPage()
    let pipeline = Samples.pipeline(1000) { value in
      Assassin.work(microseconds: 60)
      if value == 25 {
        page[.reached] = 1
        page.wait(.go)
      }
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, placement: scenario.placement(0))
    // From here on no call of `next` comes before the stage stands.
    page.wait(.reached)
    var values: [Int] = []
    var timeouts = 0
    var isDone = false
    while !isDone {
      do throws(HeadraceError) {
        if let batch = try batches.next(timeout: timeouts < 3 ? .milliseconds(100) : .seconds(20)) {
          values += (try? Samples.values(batch)) ?? []
        } else {
          isDone = true
        }
      } catch {
        emit("code", error.code)
        emit("message", error.message)
        timeouts += 1
        if timeouts == 3 { page[.go] = 1 }
      }
    }
    emit("exact", values == Array(0..<1000))
  }

  /// One of many quick samples hangs until all others have arrived: `hanging-sample PLACEMENT`.
  static func hangingSample(_ scenario: Scenario) throws {
    let page = SharedPage()
    let spec = BatchSpec(size: 1, TensorSpec("x", .int64), TensorSpec("fill", .int64, shape: [64]))
    let pipeline = Pipeline(from: 0..<1500)
      .map("decode", concurrency: 2, ordering: .completion) { value in
        if value == 1040 { page.wait(.go) }
        return value
      }
      .batch(spec, ordering: .completion) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, placement: scenario.placement(0))
    var values: [Int] = []
    while values.count < 1499, let batch = try batches.next(timeout: .seconds(20)) {
      values += try Samples.values(batch)
    }
    emit("others", Set(values) == Set(0..<1500).subtracting([1040]))
    page[.go] = 1
    while let batch = try batches.next(timeout: .seconds(20)) { values += try Samples.values(batch) }
    emit("exact", values.sorted() == Array(0..<1500) && values.last == 1040)
  }

  /// What arrives of an epoch that was given up does not make the wait look shorter than it was.
  static func staleBatches(_ scenario: Scenario) throws {
    let page = SharedPage()
    let trainer = getpid()
    let source = HookedSource(length: 1000, opening: { if $0 > 0 { page.wait(.go, for: 2) } })
    let pipeline = Pipeline(from: source)
      .batch(Samples.spec) { value, row in
        if value == 19 {
          page[.reached] = 1
          // Until the consumer has waited for a while, so that the batch that this fills is news from the past.
          page.wait(.go)
          while !Assassin.isSleeping(trainer) { sched_yield() }
          Assassin.work(microseconds: 200_000)
        }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4)
    if let batch = try batches.next() { emit("first", try Samples.values(batch).count) }
    page.wait(.reached)
    batches.skipRestOfEpoch()
    page[.go] = 1
    let start = MonotonicClock.now
    do throws(HeadraceError) {
      _ = try batches.next(timeout: .milliseconds(400))
    } catch {
      emit("waited_ms", (MonotonicClock.now - start) / 1_000_000)
      emit("message", error.message)
    }
    page[.go] = 2
    if let batch = try batches.next() { emit("next_epoch", batch.epoch) }
  }

  /// Signals interrupt the consumer's waits all the time.
  static func interrupted(_ scenario: Scenario) throws {
    let pipeline = Samples.pipeline(500) { value in
      Assassin.work(microseconds: 500)
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 4, epochs: 1)
    let beat = timeval(tv_sec: 0, tv_usec: 1000)
    var timer = itimerval(it_interval: beat, it_value: beat)
    signal(SIGALRM) { _ in }
    _ = unsafe setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("exact", values == Array(0..<500))
  }
}
