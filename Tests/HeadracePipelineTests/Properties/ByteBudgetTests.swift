import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// `limits(bytes:)`, measured by the samples that are alive rather than by what the engine counts.
@Suite struct ByteBudgetTests {
  private static let limit = 60_000
  private static let factor = 10
  private let live = LiveBytes()

  private func blobs(_ sizes: [Int]) -> Pipeline<Blob> {
    Pipeline(from: MadeSource(count: sizes.count) { [live] in Blob($0, byteCount: sizes[$0], in: live) })
  }

  /// Numbers of the samples, epoch by epoch. The consumer lets each go before it asks for the next.
  private func numbers(_ pipeline: Pipeline<Blob>, threads: Int, epochs: Int = 2) throws -> [[Int]] {
    let numbers = try Watchdog.guarding("a pipeline with a limit on its bytes", seconds: 60) {
      var elements = try pipeline.run(threads: threads, epochs: epochs)
      var all: [[Int]] = []
      for _ in 0..<epochs {
        var numbers: [Int] = []
        while let number = try elements.next()?.number { numbers.append(number) }
        all.append(numbers)
      }
      #expect(elements.stop(timeout: .seconds(30)).isEmpty)
      return all
    }
    return numbers
  }

  /// One sample passes although there is no room, and one is the consumer's.
  private func bound(_ limit: Int = Self.limit, largest: Int) -> Int { limit + 2 * largest }

  @Test(arguments: 1...4, [1, 3]) func samplesThatGrowStayWithinTheLimit(threads: Int, concurrency: Int) throws {
    let count = 300
    let pipeline = blobs(Array(repeating: 1000, count: count))
      .map("decode", concurrency: .fixed(concurrency)) { $0.grown(by: Self.factor) }
      .map("look", concurrency: 2) { $0 }
      .limits(bytes: Self.limit)
    #expect(try numbers(pipeline, threads: threads) == [Array(0..<count), Array(0..<count)])
    #expect(live.peak <= bound(largest: 10_000))
    Watchdog.guarding("samples that nobody wants any more", seconds: 60) { live.waitUntilGone() }
  }

  @Test(arguments: 1...3) func operationsThatWaitStayWithinTheLimit(threads: Int) throws {
    let count = 300
    let pipeline = blobs(Array(repeating: 1000, count: count))
      .map("fetch", concurrency: 16) { blob in
        await Task.yield()
        return blob.grown(by: Self.factor)
      }
      .limits(bytes: Self.limit)
    #expect(try numbers(pipeline, threads: threads) == [Array(0..<count), Array(0..<count)])
    // An operation that has handed on its result has its sample still, until its thread has left it.
    #expect(live.peak <= bound(largest: 10_000) + threads * 1000)
  }

  @Test(arguments: 1...3, [1, 3]) func manyResultsOfOneSampleStayWithinTheLimit(threads: Int, concurrency: Int) throws {
    let pipeline = blobs(Array(repeating: 1000, count: 20))
      .flatMap("crops", concurrency: .fixed(concurrency)) { blob in (0..<40).lazy.map { _ in blob.grown(by: 10) } }
      .limits(bytes: Self.limit)
    let expected = (0..<20).flatMap { Array(repeating: $0, count: 40) }
    #expect(try numbers(pipeline, threads: threads) == [expected, expected])
    // Of each sample but the first, up to 16 results may be made ahead while nothing else is being worked on.
    let ahead = (concurrency - 1) * 16 * 10_000
    #expect(live.peak <= bound(largest: 10_000) + ahead)
  }

  @Test(arguments: 1...4) func samplesLargerThanTheLimitPassOneByOne(threads: Int) throws {
    var random = SplitMix64(seed: threads)
    let sizes = (0..<120).map { _ in [0, 10, 1000, 50_000, 200_000].randomElement(using: &random)! }
    let pipeline = blobs(sizes).map("a", concurrency: 3) { $0.grown(by: 1) }.filter("b", concurrency: 3) { _ in true }
      .limits(bytes: Self.limit)
    #expect(try numbers(pipeline, threads: threads) == [Array(0..<120), Array(0..<120)])
    // A sample and what is made of it are both there for a moment.
    #expect(live.peak <= bound(largest: 200_000) + 200_000)
  }

  @Test(arguments: 1...3) func aShuffleThatHoldsMoreThanTheLimitGoesOn(threads: Int) throws {
    let pipeline = blobs(Array(repeating: 1000, count: 500))
      .map("a", concurrency: 3) { $0.grown(by: 1) }
      .shuffle(size: 200, seed: 1)
      .map("decode", concurrency: 3) { $0.grown(by: 10) }
      .limits(bytes: Self.limit)
    for epoch in try numbers(pipeline, threads: threads) { #expect(epoch.sorted() == Array(0..<500)) }
  }

  /// A stage keeps 100 or so samples of 1,000 bytes, in a limit with room for them and little else.
  private func keeping(_ kind: Int, count: Int) -> Pipeline<Blob> {
    let start = blobs(Array(repeating: 1000, count: count))
    switch kind {
    case 0: return start.shuffle(size: 100, seed: 1)
    case 1: return start.batch(100).unbatch()
    case 2: return start.bucketByLength(boundaries: [count / 2], batchSizes: [60, 50]) { $0.number }.unbatch()
    case 3: return start.shuffle(size: 100, seed: 1).repeat(2, name: "passes")
    default:
      return start.route(
        by: { $0.number % 2 == 0 ? "even" : "odd" },
        into: .path("even") { $0.shuffle(size: 50, seed: 1) }, .path("odd") { $0.batch(50).unbatch() })
    }
  }

  @Test(arguments: 1...3, 0..<5) func whatAStageKeepsIsGivenBack(threads: Int, kind: Int) throws {
    let pipeline = keeping(kind, count: 600)
      .map("decode", concurrency: 3) { $0.grown(by: Self.factor) }
      .limits(bytes: 150_000)
    for epoch in try numbers(pipeline, threads: threads) {
      #expect(Set(epoch) == Set(0..<600), "kind \(kind)")
    }
    #expect(live.peak <= bound(150_000, largest: 10_000), "kind \(kind)")
    Watchdog.guarding("samples that nobody wants any more", seconds: 60) { live.waitUntilGone() }
  }

  @Test(arguments: 1...3, 0..<5) func aStageThatKeepsMoreThanTheLimitGoesOn(threads: Int, kind: Int) throws {
    let pipeline = keeping(kind, count: 300).map("decode", concurrency: 3) { $0.grown(by: Self.factor) }
      .limits(bytes: 20_000)
    for epoch in try numbers(pipeline, threads: threads) {
      #expect(Set(epoch) == Set(0..<300), "kind \(kind)")
    }
    // What it keeps is more than the limit: a hundred samples, or one array of so many and another that is gathered.
    #expect(live.peak <= bound(200_000, largest: 10_000), "kind \(kind)")
  }

  /// What a mark was granted has to be given back as well.
  @Test(arguments: 1...3, [10_000, 60_000]) func stagesInThePathsOfARouteGoOn(threads: Int, limit: Int) throws {
    let pipeline = blobs(Array(repeating: 1000, count: 300))
      .route(
        by: { $0.number % 2 == 0 ? "even" : "odd" }, into: .path("even") { $0.map("one") { $0.grown(by: 2) } },
        .path("odd") { $0.map("other", concurrency: 2) { $0.grown(by: 2) }.tap { _ in } }
      )
      .limits(bytes: limit)
    #expect(try numbers(pipeline, threads: threads) == [Array(0..<300), Array(0..<300)])
  }

  /// A sample that waits to be tried again when nobody wants it any more.
  @Test(arguments: 1...3) func aPassThatIsGivenUpLeavesNothingToTheNext(threads: Int) throws {
    let pipeline = blobs(Array(repeating: 10_000, count: 20))
      .map("fetch", concurrency: 3, ordering: .completion, onFailure: .retry(times: 1, backoff: .seconds(3000))) {
        blob in
        if blob.number == 0 { throw Mishap() }
        return blob
      }
      .take(1).repeat(10)
      .limits(bytes: Self.limit)
    for epoch in try numbers(pipeline, threads: threads) { #expect(epoch.count == 10) }
  }

  /// As long as it waits to be written again, nobody works on it.
  @Test func aRowThatIsToBeWrittenAgainLaterKeepsNoOtherFromPassing() throws {
    let rig = try Rig(
      blobs(Array(repeating: 20, count: 10))
        .limits(bytes: 10)
        .batch(
          HeadracePipelineTests.numbers(1), concurrency: 2, ordering: .completion,
          onFailure: .retry(times: 1, backoff: .seconds(3000))
        ) { blob, row in
          if blob.number == 0 { throw Mishap() }
          try row.write(Int64(blob.number), to: "x")
        },
      buffers: 20)
    let epoch = rig.start()
    Watchdog.guarding("a row that is to be written again", seconds: 60) { rig.sink.publications.wait(for: 9) }
    #expect(rig.values.sorted() == Array(1..<10))
    rig.run.stop()
    #expect(epoch.outcome() == .stopped)
  }

  /// It goes before those behind it, and its threads are theirs.
  @Test(arguments: [true, false]) func aStageThatIsRefusedBytesKeepsNoThreadFromThoseBehindIt(isAsync: Bool) throws {
    let first = blobs(Array(repeating: 1000, count: 300))
    let options = StageOptions(priority: 1)
    let made =
      isAsync
      ? first.map("fetch", concurrency: 4, options: options) { blob in
        await Task.yield()
        return blob.grown(by: 2)
      } : first.flatMap("crops", concurrency: 4, options: options) { [$0.grown(by: 2)] }
    let pipeline = made.map("look") { $0 }.limits(bytes: 8_000)
    #expect(try numbers(pipeline, threads: 1) == [Array(0..<300), Array(0..<300)])
  }

  /// Each pass leaves some samples of the flatMap open, which nobody wants any more.
  @Test(arguments: 1...3) func aPassThatLeavesSamplesOpenGivesTheirBytesBack(threads: Int) throws {
    let passes = 200
    let pipeline = blobs(Array(repeating: 1000, count: 50))
      .flatMap("crops", concurrency: 3) { blob in (0..<40).lazy.map { _ in blob.grown(by: 1) } }
      .take(5).repeat(passes)
      .limits(bytes: 1 << 30)
    try Watchdog.guarding("passes that leave samples open", seconds: 60) {
      let run = try ElementRun(PipelinePlan(pipeline), threads: threads, epochLimit: 1)
      var count = 0
      while try run.nextItem(timeout: nil) != nil {
        count += 1
        // What is in flight: a pass or two, where 200 would have left hundreds of samples behind.
        let inFlight = try #require(run.run.bytesInFlight).now
        #expect(inFlight < 150_000, "\(inFlight) bytes in flight after \(count) samples")
      }
      #expect(count == 5 * passes)
      run.stop()
    }
  }

  @Test func anArrayThatIsLargerThanTheLimitGoesOn() throws {
    let pipeline = blobs(Array(repeating: 1000, count: 500))
      .batch(100)
      .unbatch()
      .microBatch(max: 90) { $0.map { $0.grown(by: 1) } }
      .limits(bytes: 20_000)
    #expect(try numbers(pipeline, threads: 2) == [Array(0..<500), Array(0..<500)])
  }

  @Test(arguments: 0..<40) func epochsThatAreGivenUpOrFailLeaveNothingBehind(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let sizes = (0..<100).map { _ in Int.random(in: 0...30_000, using: &random) }
    let bad = Int.random(in: 0..<150, using: &random)
    let stop = Int.random(in: 0..<150, using: &random)
    let pipeline = blobs(sizes)
      .map("a", concurrency: 3, onFailure: .skip(upTo: 0)) { (blob: Blob) throws -> Blob in
        if blob.number == bad { throw Mishap() }
        return blob.grown(by: 2)
      }
      .flatMap("b", concurrency: 2, ordering: .completion) { (blob: Blob) -> [Blob] in [blob, blob.grown(by: 1)] }
      .take(stop)
      .limits(bytes: Self.limit)
    try Watchdog.guarding("seed \(seed)", seconds: 60) {
      var elements = try pipeline.run(threads: 3, epochs: 4)
      for epoch in 0..<4 {
        var count = 0
        do throws(HeadraceError) {
          while try elements.next() != nil {
            count += 1
            if epoch == 1, count == 20 {
              elements.skipRestOfEpoch()
              break
            }
          }
        } catch {
          #expect(error.stage == "a", "seed \(seed)")
        }
      }
      #expect(elements.stop(timeout: .seconds(30)).isEmpty)
    }
    Watchdog.guarding("samples that nobody wants any more, seed \(seed)", seconds: 60) { live.waitUntilGone() }
  }
}
