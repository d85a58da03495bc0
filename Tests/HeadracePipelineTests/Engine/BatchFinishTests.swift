import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

/// What is done to whole batches before they are handed on.
@Suite struct BatchFinishTests {
  private static let spec = BatchSpec(
    size: 4, TensorSpec("x", .int64), TensorSpec("varying", .uint8, shape: [3]).ragged())

  private func pipeline(
    _ samples: Range<Int>, concurrency: Int = 1, ordering: Ordering = .input, partial: PartialBatch = .emit,
    finish: @escaping @Sendable (inout FilledBatch) throws(HeadraceError) -> Void
  ) -> BatchPipeline {
    Pipeline(from: samples).batch(
      "collate", Self.spec, concurrency: .fixed(concurrency), ordering: ordering, partial: partial
    ) { number, row in
      try row.write(Int64(number), to: "x")
      try row.write(contentsOf: [UInt8](repeating: 7, count: number % 4), to: "varying")
    }.finishing(BatchFinish(validate: { _ in }, run: finish))
  }

  /// Adds a thousand times the number of rows to each number.
  private static func mark(_ batch: inout FilledBatch) throws(HeadraceError) {
    let rowCount = batch.rowCount
    var rows = try batch.rows("x")
    #expect(rows.byteCount == rowCount * 8)
    unsafe rows.withUnsafeMutableBytes { bytes in
      for row in 0..<rowCount {
        let value = unsafe bytes.load(fromByteOffset: row * 8, as: Int64.self)
        unsafe bytes.storeBytes(of: value + Int64(rowCount) * 1000, toByteOffset: row * 8, as: Int64.self)
      }
    }
  }

  @Test(arguments: [1, 2, 8], [PartialBatch.emit, .pad, .drop])
  func eachBatchIsChangedOnceAndTheyStayInOrder(threads: Int, partial: PartialBatch) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      pipeline(0..<402, concurrency: threads, partial: partial) { (batch) throws(HeadraceError) in
        try Self.mark(&batch)
      }, threads: threads)
    #expect(rig.epoch() == .completed)
    var expected = (0..<400).map { Int64($0) + 4000 }
    switch partial {
    case .emit: expected += [2400, 2401]
    case .pad: expected += [2400, 2401, 0, 0]
    case .drop: break
    }
    #expect(rig.values == expected)
  }

  @Test func byCompletionAllBatchesAreChangedToo() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      pipeline(0..<400, concurrency: 4, ordering: .completion) { (batch) throws(HeadraceError) in
        try Self.mark(&batch)
      }, threads: 4)
    #expect(rig.epoch() == .completed)
    #expect(rig.values.sorted() == (0..<400).map { Int64($0) + 4000 })
  }

  @Test func theContextIsThatOfTheFirstSample() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let contexts = Mutex<[SampleContext]>([])
    let rig = try Rig(
      pipeline(0..<10) { (batch) throws(HeadraceError) in
        let context = batch.context
        contexts.withLock { $0.append(context) }
      }, threads: 1)
    #expect(rig.epoch(3) == .completed)
    #expect(
      contexts.withLock { $0 } == [0, 4, 8].map { SampleContext(epoch: 3, position: $0, stage: "collate") })
  }

  /// In each batch of ten.
  @Test(arguments: 0..<10, [1, 3])
  func anErrorEndsTheEpochBehindTheBatchesBeforeIt(failing: Int, threads: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      pipeline(0..<40, concurrency: threads) { (batch) throws(HeadraceError) in
        if batch.context.position == failing * 4 { throw HeadraceError(.invalidArgument, "no more") }
      }, threads: threads)
    let epoch = rig.start()
    guard case .failed(let error) = epoch.outcome() else {
      Issue.record("the epoch ended well")
      return
    }
    #expect(error.message == "no more" && error.stage == "collate")
    #expect(rig.values == (0..<(failing * 4)).map(Int64.init))
    #expect(epoch.unpublishedAtRest == 0)
  }

  /// Finishing takes longer than writing the rows, so that complete batches wait when the sample fails.
  @Test(arguments: [1, 2, 4], [4, 13, 39])
  func aSampleThatFailsEndsTheEpochBehindTheBatchesBeforeIt(threads: Int, failing: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let pipeline = Pipeline(from: 0..<40).batch("collate", numbers(4), concurrency: .fixed(threads)) { number, row in
      if number == failing { throw Mishap() }
      try row.write(Int64(number), to: "x")
    }.finishing(
      BatchFinish(
        validate: { _ in },
        run: { (batch) throws(HeadraceError) in
          let end = MonotonicClock.now + 2_000_000
          while MonotonicClock.now < end {}
          try Self.mark(&batch)
        }))
    let rig = try Rig(pipeline, threads: threads, buffers: 12)
    let epoch = rig.start()
    guard case .failed = epoch.outcome() else {
      Issue.record("the epoch ended well")
      return
    }
    #expect(rig.values == (0..<(failing / 4 * 4)).map { Int64($0) + 4000 })
    #expect(epoch.unpublishedAtRest == 0)
  }

  @Test func theTimeOfFinishingIsTheStages() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      pipeline(0..<8) { (batch) throws(HeadraceError) in
        let end = MonotonicClock.now + 20_000_000
        while MonotonicClock.now < end {}
      }, threads: 1)
    #expect(rig.epoch() == .completed)
    #expect(try #require(rig.run.statistics().last).taskSeconds >= 0.040)
  }

  @Test func tensorsThatAreMissingOrVaryAreErrors() throws {
    for (name, code) in [("y", HeadraceError.Code.noSuchTensor), ("varying", .wrongType)] {
      let watchdog = Watchdog()
      defer { watchdog.cancel() }
      let rig = try Rig(pipeline(0..<4) { (batch) throws(HeadraceError) in _ = try batch.rows(name) })
      guard case .failed(let error) = rig.epoch() else {
        Issue.record("tensor \(name) was found")
        continue
      }
      #expect(error.code == code)
    }
  }

  @Test func mistakesAreFoundBeforeTheStart() {
    let pipeline = Pipeline(from: 0..<4).batch("collate", numbers(2)) { number, row in
      try row.write(Int64(number), to: "x")
    }.finishing(
      BatchFinish(
        validate: { spec throws(HeadraceError) in _ = try spec.index(of: "image") }, run: { _ in }))
    let error = #expect(throws: HeadraceError.self) { try PipelinePlan(pipeline) }
    #expect(error?.code == .noSuchTensor && error?.stage == "collate")
    #expect(error?.message == "The batch has no tensor \"image\"; its BatchSpec has \"x\".")
  }
}
