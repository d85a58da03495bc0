import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct VaryingBatchTests {
  /// What one random run is made of.
  private struct Case: CustomStringConvertible {
    var count: Int
    var size: Int
    var failing: Set<Int>
    var concurrency: Int
    var ordering: Ordering
    var partial: PartialBatch
    var retries: Int

    init(_ random: inout SplitMix64) {
      let count = Int.random(in: 0...40, using: &random)
      let share = [0, 0, 10, 50].randomElement(using: &random) ?? 0
      self.count = count
      size = Int.random(in: 1...7, using: &random)
      failing = Set((0..<count).filter { _ in Int.random(in: 0..<100, using: &random) < share })
      concurrency = Int.random(in: 1...4, using: &random)
      ordering = Bool.random(using: &random) ? .input : .completion
      partial = [.drop, .pad, .emit].randomElement(using: &random) ?? .emit
      retries = Int.random(in: 0...3, using: &random) == 0 ? 1 : 0
    }

    var description: String {
      "\(count) in batches of \(size), failing \(failing.sorted()), \(concurrency) at once, \(ordering), \(partial),"
        + " \(retries) retries"
    }

    var policy: FailurePolicy {
      retries == 0
        ? .skip(upTo: failing.count) : .retry(times: retries, backoff: .zero, then: .skip(upTo: failing.count))
    }

    func pipeline() -> BatchPipeline {
      let failing = failing
      return Pipeline(from: 0..<count).batch(
        VaryingSamples.spec(size), concurrency: .fixed(concurrency), ordering: ordering, onFailure: policy,
        partial: partial
      ) { number, row in
        // Late, so that a row that is half written would show.
        try VaryingSamples.write(number, to: &row)
        if failing.contains(number) { throw Mishap() }
      }
    }
  }

  @Test func batchesOfAnyLengthsAtAnyConcurrencyAreThoseOfASequentialModel() throws {
    try Watchdog.guarding("batches of rows of different lengths") {
      var random = SplitMix64(seed: 21)
      for _ in 0..<250 {
        let trial = Case(&random)
        let rig = try Rig(trial.pipeline(), threads: 4)
        #expect(rig.epoch() == .completed, "\(trial)")
        let survivors = (0..<trial.count).filter { !trial.failing.contains($0) }
        let full = survivors.count / trial.size
        let hasPartial = !survivors.count.isMultiple(of: trial.size) && trial.partial != .drop
        let batches = rig.sink.delivered
        try #require(batches.count == full + (hasPartial ? 1 : 0), "\(trial)")
        for (index, batch) in batches.enumerated() {
          // Any order will do with `.completion`, as long as each row is one sample's.
          var samples = batch.positions.map(Int.init)
          if trial.ordering == .input {
            samples = Array(survivors[(index * trial.size)..<min((index + 1) * trial.size, survivors.count)])
          }
          VaryingSamples.expect(
            batch, holds: samples, rows: trial.partial == .pad ? trial.size : samples.count, "\(trial)")
        }
        let positions = batches.flatMap(\.positions).sorted()
        if trial.partial != .drop { #expect(positions == survivors.map(UInt64.init), "\(trial)") }
      }
    }
  }

  @Test func rowsWithAPlaceAreNotCopiedAndOthersAreOnce() throws {
    func copied(_ spec: TensorSpec) throws -> Int {
      let watchdog = Watchdog()
      defer { watchdog.cancel() }
      let rig = try Rig(
        Pipeline(from: 0..<12).batch(BatchSpec(size: 4, spec), concurrency: 2) { number, row in
          try row.write(contentsOf: Array(repeating: Int32(number), count: number), to: "x")
        })
      #expect(rig.epoch() == .completed)
      return rig.observer.seen.copiedByteCount
    }
    let spec = TensorSpec("x", .int32, shape: [12])
    let byteCount = 4 * (0..<12).reduce(0, +)
    #expect(try copied(spec.padded(to: .maximum)) == 0)
    #expect(try copied(spec.padded()) == byteCount)
    #expect(try copied(spec.padded(to: .multiple(of: 8))) == byteCount)
    #expect(try copied(spec.ragged()) == byteCount)
  }

  @Test func aRowThatIsBegunAgainIsTheLastOne() throws {
    for spec in [
      TensorSpec("x", .uint8, shape: [4]).padded(to: .maximum), TensorSpec("x", .uint8, shape: [4]).ragged(),
    ] {
      let rig = try Rig(
        Pipeline(from: 0..<1).batch(BatchSpec(size: 1, spec)) { _, row in
          try row.write(contentsOf: [1, 2, 3, 4] as [UInt8], to: "x")
          try row.write(contentsOf: [5, 6] as [UInt8], to: "x")
        })
      #expect(rig.epoch() == .completed)
      let batch = try #require(rig.sink.delivered.first)
      #expect(spec.layout == .ragged ? batch.bytes("x.values") == [5, 6] : batch.bytes("x") == [5, 6, 0, 0])
    }
  }

  // MARK: Mistakes of a closure

  private func error(
    _ spec: TensorSpec, onFailure: FailurePolicy = .raise, _ write: @escaping @Sendable (inout Row) throws -> Void
  ) throws -> HeadraceError? {
    let rig = try Rig(
      Pipeline(from: [Named(number: 3)]).batch("fill", BatchSpec(size: 2, spec), onFailure: onFailure) { _, row in
        try write(&row)
      })
    return rig.epoch().error
  }

  private let padded = TensorSpec("x", .int16, shape: [4, 2]).padded()
  private let free = TensorSpec("x", .int16, shape: [4, 2]).padded(dimensions: [0, 1])

  @Test func aRowThatIsTooLongNamesItsSampleAndTheLimit() throws {
    for spec in [
      padded, TensorSpec("x", .int16, shape: [4, 2]).padded(to: .maximum),
      TensorSpec("x", .int16, shape: [4, 2]).ragged(),
    ] {
      let error = try error(spec) { try $0.write(contentsOf: [Int16](repeating: 1, count: 10), to: "x") }
      #expect(error?.code == .limitExceeded && error?.stage == "fill" && error?.sample?.key == "n3")
      #expect(
        error?.message
          == "A row of tensor x int16[0...4, 2] has 5 in dimension 0, at most 4 are allowed: cut it, raise the shape of"
          + " the TensorSpec, or skip the sample with onFailure.")
    }
  }

  @Test func aRowThatIsTooLongCanBeSkipped() throws {
    let rig = try Rig(
      Pipeline(from: 0..<9).batch(
        BatchSpec(size: 2, TensorSpec("x", .uint8, shape: [5]).ragged()), onFailure: .skip(upTo: 3)
      ) { number, row in try row.write(contentsOf: [UInt8](repeating: UInt8(number), count: number), to: "x") })
    #expect(rig.epoch() == .completed)
    #expect(rig.sink.delivered.map { $0.bytes("x.values") } == [[1], [2, 2, 3, 3, 3], [4, 4, 4, 4, 5, 5, 5, 5, 5]])
    #expect(rig.observer.skipped.map(\.position) == [6, 7, 8])
  }

  @Test func rowsOfAnotherFormAreRefused() throws {
    func message(_ spec: TensorSpec, _ write: @escaping @Sendable (inout Row) throws -> Void) throws -> String? {
      try error(spec, write).map { "\($0.code): \($0.message)" }
    }
    #expect(
      try message(padded) { _ = try $0.tensor("x", shape: [3]) }
        == "wrongType: A row of tensor x int16[0...4, 2] needs 2 dimensions, got shape [3].")
    #expect(
      try message(padded) { _ = try $0.tensor("x", shape: [3, 1]) }
        == "wrongType: A row of tensor x int16[0...4, 2] needs 2 in dimension 1, got shape [3, 1].")
    #expect(
      try message(padded) { _ = try $0.tensor("x", shape: [-1, 2]) }
        == "wrongType: A row of tensor x int16[0...4, 2] needs 0 or more in dimension 0, got shape [-1, 2].")
    #expect(
      try message(padded) { _ = try $0.tensor("x") }
        == "wrongType: Rows of tensor x int16[0...4, 2] may differ in shape; say this one's with tensor(_:shape:).")
    #expect(
      try message(padded) { try $0.write(contentsOf: [1, 2] as [Int32], to: "x") }
        == "wrongType: Tensor \"x\" holds int16, not int32; write int16 or change its TensorSpec.")
    #expect(
      try message(padded) { try $0.write(contentsOf: [1, 2, 3] as [Int16], to: "x") }
        == "wrongType: A row of tensor x int16[0...4, 2] needs a multiple of 2 elements, got 3.")
    #expect(
      try message(padded) { try $0.write(contentsOf: [1, 2, 3] as [Int16], to: "x", shape: [1, 2]) }
        == "wrongType: Tensor \"x\" of shape [1, 2] needs 2 elements, got 3.")
    #expect(
      try message(free) { try $0.write(contentsOf: [1, 2] as [Int16], to: "x") }
        == "wrongType: Rows of tensor x int16[0...4, 0...2] may differ in more than their length; say this one's shape"
        + " with write(contentsOf:to:shape:).")
    #expect(
      try message(TensorSpec("x", .int16, shape: [4])) { _ = try $0.tensor("x", shape: [3]) }?.hasPrefix("wrongType")
        == true)
  }

  @Test func anErrorThatTheClosureSwallowsFailsItsSampleAndShiftsNoOther() throws {
    for tensor in [
      TensorSpec("x", .int16, shape: [4]), TensorSpec("x", .int16, shape: [4]).padded(to: .maximum),
      TensorSpec("x", .int16, shape: [4]).padded(), TensorSpec("x", .int16, shape: [4]).ragged(),
    ] {
      let rig = try Rig(
        Pipeline(from: 0..<6).batch(
          BatchSpec(size: 3, tensor, TensorSpec("n", .int64)), onFailure: .skip(upTo: 1)
        ) { number, row in
          try row.write(Int64(number), to: "n")
          let count = number == 1 ? 5 : 4
          do { try row.write(contentsOf: [Int16](repeating: Int16(number), count: count), to: "x") } catch {}
        })
      #expect(rig.epoch() == .completed, "\(tensor)")
      #expect(rig.observer.skipped.map(\.position) == [1], "\(tensor)")
      let name = tensor.layout == .ragged ? "x.values" : "x"
      // The first byte of each number: of the sample, and of each of its values.
      var seen: [[UInt8]] = []
      for batch in rig.sink.delivered {
        let values = try #require(batch.bytes(name)).chunked(8)
        for (number, row) in zip(try #require(batch.bytes("n")).chunked(8), values) {
          seen.append([number[0]] + row.chunked(2).map { $0[0] })
        }
      }
      #expect(seen == [0, 2, 3, 4, 5].map { Array(repeating: UInt8($0), count: 5) }, "\(tensor)")
    }
    let error = try error(TensorSpec("x", .int16, shape: [4])) { try? $0.write(Int16(1), to: "x") }
    #expect(error?.message.contains("wrote nothing to tensor \"x\";") == true)
  }

  @Test func aRowThatIsNotWrittenIsAnErrorThatNamesItsTensor() throws {
    let error = try error(padded) { _ in }
    #expect(error?.code == .stageFailed && error?.message.contains("wrote nothing to tensor \"x\";") == true)
  }

  @Test func aBatchThatDoesNotFitEndsTheEpoch() throws {
    let spec = BatchSpec(size: 3, TensorSpec("x", .uint8, shape: [9]).padded(maximumByteCount: 12))
    let rig = try Rig(
      Pipeline(from: [4, 1, 2, 5, 1, 1]).batch("fill", spec, onFailure: .skip(upTo: 5)) { length, row in
        try row.write(contentsOf: [UInt8](repeating: 1, count: length), to: "x")
      })
    let error = rig.epoch().error
    #expect(error?.code == .batchTooLarge && error?.stage == "fill")
    #expect(error?.message.hasPrefix("3 rows padded to [5] of tensor x uint8[0...9] need 15 bytes") == true)
    #expect(rig.sink.delivered.map(\.rowCount) == [3])
    #expect(rig.sink.claimedCount == 0)
  }
}

extension [UInt8] {
  fileprivate func chunked(_ count: Int) -> [[UInt8]] {
    stride(from: 0, to: self.count, by: count).map { Array(self[$0..<($0 + count)]) }
  }
}
