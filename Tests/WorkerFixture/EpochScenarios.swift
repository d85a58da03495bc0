import Glibc
import Headrace

/// Epochs: how many, in which order, and the same everywhere.
enum EpochScenarios {
  /// FNV-1a over everything that two epochs deliver: `digest PLACEMENT THREADS`.
  static func digest(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<500)
      .map("square", concurrency: 4, onFailure: .skip(upTo: 100)) { value in
        if value % 17 == 3 { throw Mishap(description: "bad \(value)") }
        return value
      }
      .filter { $0 % 5 != 0 }
      .batch(Samples.spec, concurrency: 3, onFailure: .skip(upTo: 100)) { value, row in
        if value % 23 == 7 { throw Mishap(description: "worse \(value)") }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: scenario.number(1, 2), slots: 4, epochs: 2, placement: scenario.placement(0))
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ value: some BinaryInteger) {
      for shift in stride(from: 0, to: 64, by: 8) {
        hash = (hash ^ UInt64(UInt8(truncatingIfNeeded: UInt64(truncatingIfNeeded: value) >> shift))) &* 0x100_0000_01b3
      }
    }
    var samples = 0
    for _ in 0..<2 {
      while let batch = try batches.next() {
        for value in [batch.epoch, batch.sequence, batch.count] { add(value) }
        for row in 0..<batch.count { add(try batch.position(ofRow: row)) }
        for value in try Samples.values(batch) { add(value) }
        samples += batch.count
      }
    }
    emit("samples", samples)
    emit("digest", String(hash, radix: 16))
  }

  /// A limited number of epochs of 25 samples: `epochs LIMIT PLACEMENT`.
  static func epochs(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(
      Samples.pipeline(25), threads: 2, slots: 4, epochs: scenario.number(0, 3), placement: scenario.placement(1))
    var sequences: [Int] = []
    while batches.hasFurtherEpoch {
      var counts: [Int] = []
      let epoch = batches.epoch
      while let batch = try batches.next() {
        counts.append(batch.count)
        sequences.append(batch.sequence)
        if batch.epoch != epoch { emit("wrong", "epoch \(batch.epoch)") }
      }
      emit("epoch", "\(epoch) \(counts)")
    }
    emit("sequences", sequences)
    emit("nil_again", try batches.next() == nil && batches.next(timeout: .zero) == nil)
    emit("further", batches.hasFurtherEpoch)
  }

  /// The next epoch starts before it is asked for: three batches and the end of the epoch are four messages.
  static func eager(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(Samples.pipeline(25), threads: 2, slots: 8)
    while let batch = try batches.next() { _ = try Samples.values(batch) }
    while batches.ring.publishedCount < 5 { sched_yield() }
    emit("published", batches.ring.publishedCount >= 5)
  }

  /// Gives up an epoch after each possible number of batches: `skip-exact PLACEMENT`.
  static func skipExact(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(
      Samples.pipeline(50), threads: 2, slots: 4, epochs: 6, placement: scenario.placement(0))
    for epoch in 0..<5 {
      for _ in 0...epoch {
        guard let batch = try batches.next() else { continue }
        if batch.epoch != epoch { emit("wrong", "epoch \(batch.epoch) instead of \(epoch)") }
      }
      batches.skipRestOfEpoch()
    }
    emit("whole", try wholeEpoch(of: &batches, 5))
    emit("after_last", try batches.next() == nil && !batches.hasFurtherEpoch)
  }

  /// Gives up nothing, at each moment between two epochs: `skip-between PLACEMENT`.
  static func skipBetween(_ scenario: Scenario) throws {
    let source = HookedSource(length: 50, opening: { if $0 == 2 { throw Mishap(description: "epoch 2 is bad") } })
    let pipeline = Pipeline(from: source).batch(Samples.spec) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, slots: 4, epochs: 5, placement: scenario.placement(0))
    batches.skipRestOfEpoch()
    emit("after_start", try wholeEpoch(of: &batches, 0))
    batches.skipRestOfEpoch()
    emit("after_end", try wholeEpoch(of: &batches, 1))
    do throws(HeadraceError) {
      _ = try batches.next()
    } catch {
      emit("failure", error.code)
    }
    batches.skipRestOfEpoch()
    if let batch = try batches.next() { emit("after_failure", batch.epoch) }
    batches.skipRestOfEpoch()
    batches.skipRestOfEpoch()
    emit("after_skip", try wholeEpoch(of: &batches, 4))
    batches.skipRestOfEpoch()
    emit("after_last", try batches.next() == nil && batches.epoch == 5)
  }

  /// Whether what comes until the next nil is all of an epoch.
  private static func wholeEpoch(of batches: inout Batches, _ epoch: Int) throws -> Bool {
    var values: [Int] = []
    while let batch = try batches.next() { values += batch.epoch == epoch ? try Samples.values(batch) : [-1] }
    return values == Array(0..<50)
  }

  /// What cannot work is refused before anything starts.
  static func invalidArguments(_ scenario: Scenario) throws {
    func attempt(
      _ name: String, threads: Int? = 2, slots: Int = 4, slotByteCount: Int? = nil, epochs: Int? = nil,
      workers: Int? = nil, placement: Placement = .subprocess, pipeline: BatchPipeline = Samples.pipeline(10)
    ) {
      do throws(HeadraceError) {
        _ = try runPipelineInSubprocess(
          pipeline, threads: threads, workers: workers, slots: slots, slotByteCount: slotByteCount, epochs: epochs,
          placement: placement)
        emit(name, "accepted")
      } catch {
        emit(name, "\(error.code): \(error)")
      }
    }
    attempt("threads_0", threads: 0)
    attempt("threads_257", threads: 257)
    attempt("same_process_workers", workers: 2, placement: .sameProcess)
    attempt("slots_1", slots: 1)
    attempt("slots_4097", slots: 4097)
    attempt("epochs_0", epochs: 0)
    attempt("slot_small", slotByteCount: 5199)
    attempt("slot_fits", slotByteCount: 5376)
    attempt("default_threads", threads: nil)
    attempt(
      "same_name", pipeline: Pipeline(from: 0..<10).map("a") { $0 }.map("a") { $0 }.batch(Samples.spec) { _, _ in })
    attempt("no_tensor", pipeline: Pipeline(from: 0..<10).batch(BatchSpec(size: 1)) { _, _ in })
    emit("no_child", ProcessFigures.hasNoChild)
  }
}
