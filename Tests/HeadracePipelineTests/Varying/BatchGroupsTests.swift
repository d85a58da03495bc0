import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct BatchGroupsTests {
  @Test func eachBucketBecomesABatchThatIsPaddedToItsOwnLongest() throws {
    let lengths = [1, 9, 3, 12, 2, 11, 5, 4, 10, 8]
    let spec = BatchSpec(size: 3, TensorSpec("x", .int8, shape: [12]).padded(with: -1))
    let rig = try Rig(
      Pipeline(from: lengths)
        .bucketByLength(boundaries: [4, 10], batchSizes: [3, 2, 2]) { $0 }
        .batch(groups: spec, concurrency: 3) { length, row in
          try row.write(contentsOf: [Int8](repeating: Int8(length), count: length), to: "x")
        })
    #expect(rig.epoch() == .completed)
    let groups: [[Int8]] = [[1, 3, 2], [12, 11], [9, 5], [4, 8], [10]]
    #expect(rig.sink.delivered.map(\.tensors[0].shape) == [[3, 3], [2, 12], [2, 9], [2, 8], [1, 10]])
    for (batch, group) in zip(rig.sink.delivered, groups) {
      #expect(batch.elements("x.lengths", as: Int32.self) == group.map(Int32.init))
      let longest = group.max() ?? 0
      #expect(
        batch.elements("x", as: Int8.self)
          == group.flatMap { length in (0..<longest).map { $0 < length ? length : -1 } })
    }
  }

  @Test func groupsOfAnySizesAtAnyConcurrencyAreThoseOfASequentialModel() throws {
    try Watchdog.guarding("batches of groups") {
      var random = SplitMix64(seed: 22)
      for _ in 0..<150 {
        let share = [0, 0, 20, 100].randomElement(using: &random) ?? 0
        var next = 0
        var groups: [[Int]] = []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
          let count = Int.random(in: 0...6, using: &random)
          groups.append(Array(next..<(next + count)))
          next += count
        }
        let failing = Set((0..<next).filter { _ in Int.random(in: 0..<100, using: &random) < share })
        let ordering = Bool.random(using: &random) ? Ordering.input : .completion
        let concurrency = Int.random(in: 1...4, using: &random)
        let retries = Int.random(in: 0...1, using: &random)
        let policy = FailurePolicy.retry(times: retries, backoff: .zero, then: .skip(upTo: failing.count))
        let rig = try Rig(
          Pipeline(from: groups).batch(
            groups: VaryingSamples.spec(6), concurrency: .fixed(concurrency), ordering: ordering, onFailure: policy
          ) { number, row in
            try VaryingSamples.write(number, to: &row)
            if failing.contains(number) { throw Mishap() }
          }, threads: 4)
        let what: Comment = "\(groups), failing \(failing.sorted()), \(concurrency) at once, \(ordering)"
        #expect(rig.epoch() == .completed, what)
        var batches = rig.sink.delivered
        if ordering == .completion { batches.sort { $0.positions[0] < $1.positions[0] } }
        let expected = groups.enumerated().map { ($0.offset, $0.element.filter { !failing.contains($0) }) }
          .filter { !$0.1.isEmpty }
        try #require(batches.count == expected.count, what)
        for (batch, (group, samples)) in zip(batches, expected) {
          // All samples of a group bear the position of its first.
          #expect(batch.positions == samples.map { _ in UInt64(group) }, what)
          VaryingSamples.expectTensors(batch, hold: samples, rows: samples.count, what)
        }
        #expect(rig.sink.claimedCount == 0, what)
        #expect(rig.observer.skipped.count == failing.count, what)
      }
    }
  }

  @Test func aGroupThatIsTooLargeNamesBothSizes() throws {
    let rig = try Rig(
      Pipeline(from: [[1, 2], [3, 4, 5]]).batch("pad", groups: numbers(2), onFailure: .skip(upTo: 9)) {
        try $1.write(Int64($0), to: "x")
      })
    let error = rig.epoch().error
    #expect(error?.code == .batchTooLarge && error?.stage == "pad" && error?.sample?.key == "sample 1")
    #expect(
      error?.message
        == "A group of 3 samples came to stage \"pad\", whose batches have room for 2; raise BatchSpec.size, or make"
        + " smaller groups.")
    #expect(rig.sink.claimedCount == 0)
  }

  @Test func aSampleOfAGroupThatFailsBearsItsOwnName() throws {
    let groups = [[Named(number: 1), Named(number: 2)], [Named(number: 3), Named(number: 4)]]
    let rig = try Rig(
      Pipeline(from: groups).batch(groups: numbers(2), onFailure: .skip(upTo: 1)) { sample, row in
        if sample.number == 4 { throw Mishap() }
        try row.write(Int64(sample.number), to: "x")
      })
    #expect(rig.epoch() == .completed)
    #expect(rig.batches == [[1, 2], [3]])
    #expect(rig.observer.skipped.map(\.error.sample?.key) == ["n4"])
  }

  @Test func anEpochOfGroupsBeginsAnew() throws {
    let rig = try Rig(
      Pipeline(from: 0..<10).batch(4).batch(groups: numbers(4)) { try $1.write(Int64($0), to: "x") }, buffers: 2)
    for epoch in 0..<3 {
      #expect(rig.epoch(epoch) == .completed)
      #expect(rig.batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
      rig.sink.clear()
    }
  }

  @Test func groupsHoldTheBytesThatTheyWereGrantedUntilAllIsWritten() throws {
    // One group at a time has room: the next is granted its bytes when those of the one before came back.
    let rig = try Rig(
      Pipeline(from: 0..<20).map { [Int64($0), Int64($0)] }
        .batch(groups: numbers(2)) { try $1.write($0, to: "x") }.limits(bytes: 24), threads: 3)
    #expect(rig.epoch() == .completed)
    #expect(rig.batches.count == 20)
  }
}
