import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct BackPressureTests {
  @Test(arguments: [1, 2, 3], [Ordering.input, .completion])
  func aFullSinkHoldsTheRunUpAndLosesNothing(buffers: Int, ordering: Ordering) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(
      Pipeline(from: 0..<101)
        .map(concurrency: 2, ordering: ordering) { $0 }
        .batch(5, concurrency: 3, ordering: ordering),
      threads: 3, buffers: buffers, returning: .byTest)
    let epoch = rig.start()
    for batch in 1...21 {
      rig.sink.publications.wait(for: batch)
      #expect(rig.sink.publications.count <= batch - 1 + buffers)
      rig.sink.giveBack()
    }
    #expect(epoch.outcome() == .completed)
    let values = ordering == .input ? rig.values : rig.values.sorted()
    #expect(values == Array(0..<101))
  }

  @Test(arguments: [1, 2, 3])
  func holesNeedNoMoreBuffersThanThereAre(buffers: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    for concurrency in [1, 3] {
      let rig = try Rig(
        Pipeline(from: 0..<200).batch(numbers(4), concurrency: .fixed(concurrency), onFailure: .skip(upTo: 200)) {
          number, row in
          if number % 3 == 1 || (40..<80).contains(number) { throw Mishap() }
          try row.write(Int64(number), to: "x")
        },
        threads: 3, buffers: buffers)
      #expect(rig.epoch() == .completed)
      #expect(rig.values == (0..<200).filter { $0 % 3 != 1 && !(40..<80).contains($0) }.map(Int64.init))
    }
  }

  @Test func aSinkThatRefusesEndsTheEpochWithItsError() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let error = HeadraceError(.batchTooLarge, "A slot holds 1 byte.")
    let rig = try Rig(Pipeline(from: 0..<10).map { $0 }.batch(5))
    rig.sink.failClaims(error)
    #expect(rig.epoch() == .failed(error))
    let second = try Rig(Pipeline(from: 0..<10).map { $0 }.batch(5))
    second.sink.failPublications(error)
    #expect(second.epoch() == .failed(error))
    #expect(second.sink.claimedCount == 0)
  }

  @Test(arguments: [Ordering.input, .completion])
  func anEpochWhoseBatchesAreAllPublishedEndsWithoutAFurtherBuffer(ordering: Ordering) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    // Two batches, two buffers, and a consumer that keeps both.
    let rig = try Rig(
      Pipeline(from: 0..<12)
        .filter("early", ordering: ordering) { $0 < 11 }
        .map("odd", ordering: ordering, onFailure: .skip(upTo: 1)) { (number: Int) in
          if number == 10 { throw Mishap() } else { number }
        }
        .filter("late", ordering: ordering) { $0 < 8 }
        .batch(4, ordering: ordering),
      buffers: 2, returning: .byTest)
    #expect(rig.epoch() == .completed)
    #expect(rig.values == Array(0..<8))
    #expect(rig.sink.claimCount == 2)
  }

  @Test func anEpochWithoutSamplesNeedsNoBuffer() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let rig = try Rig(Pipeline(from: 0..<0).map { $0 }.batch(4), buffers: 0)
    #expect(rig.epoch() == .completed)
    let failing = try Rig(Pipeline(from: FaultySource(failsAt: 0)).map { $0 }.batch(4), buffers: 0)
    #expect(failing.epoch().error?.code == .sourceFailed)
  }
}
