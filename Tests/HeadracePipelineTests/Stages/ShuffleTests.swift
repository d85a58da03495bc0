import HeadracePipeline
import Testing

@Suite struct ShuffleTests {
  private func pipeline(_ size: Int, seed: UInt64, name: String = "shuffle", concurrency: Int = 1) -> Pipeline<Int> {
    Pipeline(from: 0..<500).map(concurrency: .fixed(concurrency)) { $0 }.shuffle(size: size, seed: seed, name: name)
  }

  @Test func theOrderIsTheSameWhateverTheThreads() throws {
    let orders = try pipeline(50, seed: 1).collected(threads: 1, epochs: 3)
    for threads in [2, 4] {
      for concurrency in [1, 5] {
        #expect(try pipeline(50, seed: 1, concurrency: concurrency).collected(threads: threads, epochs: 3) == orders)
      }
    }
  }

  @Test func eachEpochSeedAndNameHasAnotherOrderOfTheSameSamples() throws {
    let orders =
      try pipeline(50, seed: 1).collected(epochs: 3) + pipeline(50, seed: 2).collected()
      + pipeline(50, seed: 1, name: "again").collected()
    #expect(Set(orders).count == 5)
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<500) })
  }

  @Test func eachPassOfARepeatHasAnotherOrderAndEachRunTheSame() throws {
    let repeated = pipeline(50, seed: 1).repeat(3, name: "passes")
    let epochs = try repeated.collected(threads: 1, epochs: 2)
    let passes = epochs.flatMap { epoch in [0, 500, 1000].map { Array(epoch[$0..<($0 + 500)]) } }
    #expect(Set(passes).count == 6)
    #expect(passes.allSatisfy { $0.sorted() == Array(0..<500) })
    #expect(try repeated.collected(threads: 3, epochs: 2) == epochs)
    // A pass counts as the epoch of its number.
    #expect(try pipeline(50, seed: 1).collected(epochs: 6) == passes)
  }

  @Test func aStageBeforeItThatChangesNothingChangesNoOrder() throws {
    let before = Pipeline(from: 0..<500).skip(0).shuffle(size: 50, seed: 1)
    #expect(try before.collected() == pipeline(50, seed: 1).collected())
  }

  @Test func samplesThatFailTakeNoPartInIt() throws {
    let failing = Pipeline(from: 0..<100).map(onFailure: .skip(upTo: 100)) {
      if $0 % 3 == 0 { throw Mishap() } else { $0 }
    }
    let without = Pipeline(from: (0..<100).filter { $0 % 3 != 0 })
    #expect(
      try failing.shuffle(size: 10, seed: 1).collected() == without.shuffle(size: 10, seed: 1).collected())
  }

  @Test(arguments: [0, -1, (1 << 24) + 1])
  func aBufferOfNoneOrOfTooManyIsAMistake(_ size: Int) {
    #expect(
      pipeline(size, seed: 1).mistake
        == "shuffle(size: \(size)) is not possible; it must be 1 to 16777216. [stage: shuffle]")
  }
}
