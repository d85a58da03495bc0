import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct PartialBatchTests {
  private static let spec = BatchSpec(
    size: 4, TensorSpec("x", .int64), TensorSpec("rgb", .uint8, shape: [3]), TensorSpec("y", .float32, shape: [2, 2]))

  /// Each row says in every tensor which sample it holds.
  private func pipeline(
    _ samples: Range<Int>, failing: Set<Int> = [], concurrency: Int = 1, ordering: Ordering = .input,
    partial: PartialBatch
  ) -> BatchPipeline {
    Pipeline(from: samples).batch(
      Self.spec, concurrency: .fixed(concurrency), ordering: ordering, onFailure: .skip(upTo: failing.count),
      partial: partial
    ) { number, row in
      try row.write(Int64(number), to: "x")
      try row.write(contentsOf: (0..<3).map { UInt8(truncatingIfNeeded: number + $0) }, to: "rgb")
      // Late, so that a row that is half written would show.
      if failing.contains(number) { throw Mishap() }
      try row.write(contentsOf: (0..<4).map { Float(number) + Float($0) / 10 }, to: "y")
    }
  }

  private func expect(_ batch: MemorySink.Delivered, holds samples: [Int], rows: Int) {
    #expect(batch.positions == samples.map(UInt64.init))
    #expect(batch.tensors.map(\.shape) == [[rows], [rows, 3], [rows, 2, 2]])
    #expect(batch.tensors.map(\.name) == ["x", "rgb", "y"])
    // Offsets are those of a full batch.
    #expect(batch.tensors.map(\.byteOffset) == [0, 256, 512])
    var x: [Int64] = []
    var rgb: [UInt8] = []
    var y: [Float] = []
    for number in samples {
      x.append(Int64(number))
      for place in 0..<3 { rgb.append(UInt8(truncatingIfNeeded: number + place)) }
      for place in 0..<4 { y.append(Float(number) + Float(place) / 10) }
    }
    for _ in samples.count..<rows {
      x.append(0)
      rgb += [0, 0, 0]
      y += [0, 0, 0, 0]
    }
    #expect(batch.elements("x", as: Int64.self) == x)
    #expect(batch.elements("rgb", as: UInt8.self) == rgb)
    #expect(batch.elements("y", as: Float.self) == y)
  }

  private func delivered(_ pipeline: BatchPipeline, threads: Int = 2) throws -> [MemorySink.Delivered] {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(pipeline, threads: threads)
    #expect(rig.epoch() == .completed)
    return rig.sink.delivered
  }

  @Test func aPartialBatchIsEmittedWithItsRowsAlone() throws {
    let batches = try delivered(pipeline(0..<10, partial: .emit))
    try #require(batches.count == 3)
    expect(batches[0], holds: [0, 1, 2, 3], rows: 4)
    expect(batches[1], holds: [4, 5, 6, 7], rows: 4)
    expect(batches[2], holds: [8, 9], rows: 2)
  }

  @Test func aPartialBatchIsPaddedWithZeros() throws {
    let batches = try delivered(pipeline(0..<9, partial: .pad))
    try #require(batches.count == 3)
    expect(batches[1], holds: [4, 5, 6, 7], rows: 4)
    expect(batches[2], holds: [8], rows: 4)
  }

  @Test func aPartialBatchIsDropped() throws {
    let batches = try delivered(pipeline(0..<11, partial: .drop))
    try #require(batches.count == 2)
    expect(batches[1], holds: [4, 5, 6, 7], rows: 4)
  }

  @Test(arguments: [PartialBatch.drop, .pad, .emit])
  func samplesThatFillTheirBatchesLeaveNoPartialOne(partial: PartialBatch) throws {
    #expect(try delivered(pipeline(0..<8, partial: partial)).map(\.rowCount) == [4, 4])
    #expect(try delivered(pipeline(0..<0, partial: partial)).isEmpty)
  }

  @Test(arguments: [PartialBatch.drop, .pad, .emit], [Ordering.input, .completion])
  func holesOfFailedSamplesAreClosedWithWholeRows(partial: PartialBatch, ordering: Ordering) throws {
    let cases: [Set<Int>] = [[0], [1, 2], [3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6, 7], [7, 13], Set(0..<14)]
    for failing in cases {
      for concurrency in [1, 3] {
        let batches = try delivered(
          pipeline(0..<14, failing: failing, concurrency: concurrency, ordering: ordering, partial: partial), threads: 3
        )
        let survivors = (0..<14).filter { !failing.contains($0) }
        let full = survivors.count / 4
        let hasPartial = survivors.count % 4 > 0 && partial != .drop
        try #require(batches.count == full + (hasPartial ? 1 : 0))
        for (index, batch) in batches.enumerated() {
          // Any order will do with `.completion`, as long as each row is one sample's.
          var samples = batch.positions.map(Int.init)
          if ordering == .input { samples = Array(survivors[(index * 4)..<min(index * 4 + 4, survivors.count)]) }
          expect(batch, holds: samples, rows: partial == .pad ? 4 : samples.count)
        }
        let positions = batches.flatMap { $0.positions }.sorted()
        if partial != .drop { #expect(positions == survivors.map(UInt64.init)) }
      }
    }
  }

  @Test func rowsAreCopiedOnlyToCloseHoles() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let whole = try Rig(pipeline(0..<16, concurrency: 3, partial: .emit))
    #expect(whole.epoch() == .completed)
    #expect(whole.observer.seen.copiedByteCount == 0)
    // The first row fails when the others are written, so no later sample can take it.
    let written = Tally()
    let holed = try Rig(
      Pipeline(from: 0..<4).batch(Self.spec, concurrency: 2, onFailure: .skip(upTo: 1)) { number, row in
        if number == 0 {
          written.wait(for: 3)
          throw Mishap()
        }
        try writeAll(number, &row)
        written.add()
      })
    #expect(holed.epoch() == .completed)
    // Three rows move up, each of 8 + 3 + 16 bytes.
    #expect(holed.observer.seen.copiedByteCount == 3 * 27)
  }

  @Test func aTensorThatIsNotWrittenIsAnErrorThatNamesIt() throws {
    let rig = try Rig(
      Pipeline(from: 0..<4).batch("fill", Self.spec) { number, row in
        if number == 2 { try row.write(Int64(2), to: "x") } else { try writeAll(number, &row) }
      })
    let error = rig.epoch().error
    #expect(error?.code == .stageFailed)
    #expect(error?.stage == "fill")
    #expect(error?.sample == SampleID(key: "sample 2"))
    #expect(error?.message.contains("wrote nothing to tensor \"rgb\", \"y\";") == true)
  }

  @Test func writingToATensorThatDoesNotExistNamesThoseThatDo() throws {
    let rig = try Rig(Pipeline(from: 0..<4).batch(Self.spec) { try $1.write(Int64($0), to: "z") })
    let error = rig.epoch().error
    #expect(error?.code == .noSuchTensor)
    #expect(error?.message == "The batch has no tensor \"z\"; its BatchSpec has \"x\", \"rgb\", \"y\".")
    #expect(error?.stage == "batch")
  }

  @Test func writingAnotherNumberOfElementsNamesBoth() throws {
    let many = try Rig(Pipeline(from: 0..<1).batch(Self.spec) { try $1.write(contentsOf: [UInt8($0)], to: "rgb") })
    #expect(many.epoch().error?.message == "Tensor \"rgb\" of shape [3] needs 3 elements, got 1.")
    let one = try Rig(Pipeline(from: 0..<1).batch(Self.spec) { try $1.write(UInt8($0), to: "rgb") })
    #expect(one.epoch().error?.code == .wrongType)
    #expect(one.epoch().error?.message.hasPrefix("Tensor \"rgb\" has 3 elements per sample, not one;") == true)
  }
}

private func writeAll(_ number: Int, _ row: inout Row) throws {
  try row.write(Int64(number), to: "x")
  try row.write(contentsOf: [UInt8](repeating: 0, count: 3), to: "rgb")
  try row.write(contentsOf: [Float](repeating: 0, count: 4), to: "y")
}
