import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct CacheTests {
  /// Counts how often each number goes through a stage before the cache.
  private final class Calls: Sendable {
    private let counts = Mutex<[Int: Int]>([:])
    func note(_ number: Int) { counts.withLock { $0[number, default: 0] += 1 } }
    var all: [Int: Int] { counts.withLock { $0 } }
  }

  private func epoch<Element>(_ elements: inout Elements<Element>) throws -> [Element] {
    var found: [Element] = []
    while let element = try elements.next() { found.append(element) }
    return found
  }

  private func pipeline(_ calls: Calls, _ cache: Cache, count: Int = 100) -> Pipeline<Int> {
    Pipeline(from: 0..<count).map("work", concurrency: 2) { number in
      calls.note(number)
      return number * 2
    }.cache(cache)
  }

  @Test func theStagesBeforeItWorkInTheFirstEpochOnly() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let calls = Calls()
    var elements = try pipeline(calls, .memory(bytes: 1 << 20)).run(threads: 3, epochs: 4)
    for _ in 0..<4 { #expect(try epoch(&elements) == (0..<100).map { $0 * 2 }) }
    // While the first epoch's last samples were on their way, the next one had begun to read.
    #expect(calls.all.values.reduce(0, +) < 200)
    #expect(elements.statistics().last?.taskCount == 400)
  }

  @Test func aCacheOnDiskIsFoundByALaterRunAndRefusedByAnotherPipeline() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let path = folder.file("samples.cache")
    for run in 0..<2 {
      let calls = Calls()
      var elements = try pipeline(calls, .disk(path: path)).run(threads: 2, epochs: 2)
      for _ in 0..<2 { #expect(try epoch(&elements) == (0..<100).map { $0 * 2 }) }
      if run == 0 { #expect(calls.all.count == 100) }
      if run == 1 { #expect(calls.all.count < 100, "all was made again") }
    }
    var other = try Pipeline(from: 0..<100).map("other") { $0 }.cache(.disk(path: path)).run(threads: 2, epochs: 1)
    let error = #expect(throws: HeadraceError.self) { _ = try epoch(&other) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.stage == "cache")
  }

  @Test func aSampleThatIsNotStoredIsNamedAtAStop() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let (stored, gate) = (Tally(), Gate())
    var elements = try Pipeline(from: 0..<10)
      .map("make") { Held($0, stored, $0 == 3 ? gate : nil) }
      .cache(.disk(path: folder.file("samples.cache")), name: "keep")
      .run(threads: 2, epochs: 1)
    stored.wait(for: 4)
    // The other lane may not have got so far as to return.
    var calls = elements.stop(timeout: .milliseconds(1))
    while calls.count > 1 { calls = elements.stop(timeout: .milliseconds(1)) }
    #expect(calls.map(\.stage) == ["keep"])
    #expect(calls.map(\.position) == [3])
    gate.open()
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
  }

  @Test func aCacheOnDiskOfAnotherVersionIsRefused() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    func make(_ version: String) -> Pipeline<Int> {
      pipeline(Calls(), .disk(path: folder.file("samples.cache"), version: version))
    }
    var one = try make("1").run(threads: 2, epochs: 1)
    #expect(try epoch(&one).count == 100)
    var other = try make("2").run(threads: 2, epochs: 1)
    let error = #expect(throws: HeadraceError.self) { _ = try epoch(&other) }
    #expect(
      error?.message.contains("version \"1\"") == true && error?.message.contains("version \"2\"") == true, "\(error!)")
  }

  /// The same stages and names, and fewer samples: nothing but what the source and the stages were told is another.
  @Test func trainingAndValidationCannotShareACacheOnDisk() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let disk = Cache.disk(path: folder.file("samples.cache"))
    var training = try pipeline(Calls(), disk, count: 100).run(threads: 2, epochs: 1)
    #expect(try epoch(&training).count == 100)
    var validation = try pipeline(Calls(), disk, count: 20).run(threads: 2, epochs: 1)
    let error = #expect(throws: HeadraceError.self) { _ = try epoch(&validation) }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message.hasSuffix(
        " It holds: source \"source\" sequence 0..<100, map \"work\", of Swift.Int. This pipeline: source \"source\""
          + " sequence 0..<20, map \"work\", of Swift.Int.") == true, "\(error!)")
  }

  @Test func asManySamplesOfOtherNumbersCannotShareACacheOnDisk() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let disk = Cache.disk(path: folder.file("samples.cache"))
    var one = try Pipeline(from: 0..<100).cache(disk).run(threads: 2, epochs: 1)
    #expect(try epoch(&one) == Array(0..<100))
    var other = try Pipeline(from: 100..<200).cache(disk).run(threads: 2, epochs: 1)
    #expect(throws: HeadraceError.self) { _ = try epoch(&other) }
  }

  /// Notes of a run's caches why they were given up.
  private final class Reasons: Sendable {
    private let reasons = Mutex<[HeadraceError]>([])
    var all: [HeadraceError] { reasons.withLock { $0 } }
    var hooks: RunHooks {
      RunHooks(stage: { event in
        if case .gaveUp(let error) = event.phase { self.reasons.withLock { $0.append(error) } }
      })
    }
  }

  @Test func whyACacheIsGivenUpIsToldOnce() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reasons = Reasons()
    var elements = try pipeline(Calls(), .memory(bytes: 1_000)).run(threads: 2, epochs: 3, hooks: reasons.hooks)
    for _ in 0..<3 { #expect(try epoch(&elements).count == 100) }
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    #expect(reasons.all.map(\.code) == [.limitExceeded] && reasons.all.map(\.stage) == ["cache"])
    #expect(reasons.all.first?.message.contains("; raise the limit, or cache on disk.") == true, "\(reasons.all)")
  }

  @Test func aCacheThatIsKeptOrLeftTellsOfNothingGivenUp() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reasons = Reasons()
    var elements = try pipeline(Calls(), .memory(bytes: 1 << 20)).run(threads: 2, hooks: reasons.hooks)
    #expect(try elements.next() == 0)
    elements.skipRestOfEpoch()
    for _ in 0..<3 { #expect(try epoch(&elements).count == 100) }
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    #expect(reasons.all.isEmpty)
  }

  /// Deletes, while it is stored, what has been written of a cache: so that cannot get its name.
  private struct Deleting: Storable {
    var folder = ""

    init(in folder: String) { self.folder = folder }
    init(storedBytes: Span<UInt8>) {}

    func store(into bytes: inout [UInt8]) throws {
      for entry in try FileSystem.entries(of: folder) where entry.name.hasSuffix(".partial") {
        FileSystem.remove("\(folder)/\(entry.name)")
      }
    }
  }

  @Test func aFileThatCannotBeFinishedIsToldByEachEpochThatTries() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let reasons = Reasons()
    let name = folder.file("")
    var elements = try Pipeline(from: 0..<3).map("make") { _ in Deleting(in: name) }
      .cache(.disk(path: folder.file("samples.cache"))).run(threads: 1, epochs: 2, hooks: reasons.hooks)
    for _ in 0..<2 { #expect(try epoch(&elements).count == 3) }
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    #expect(reasons.all.map(\.stage) == ["cache", "cache"])
    #expect(reasons.all.allSatisfy { $0.message.contains("given up after 3 samples; the epoch goes on") })
  }

  @Test func aPathThatNoFileCanHaveIsAMistake() {
    for path in ["", "a\0b"] {
      let cached = Pipeline(from: 0..<1).cache(.disk(path: path))
      let kept = Pipeline(from: 0..<1).map("work", onFailure: .quarantine(path, upTo: 1)) { $0 }
      #expect(cached.mistake?.contains("is not possible; a path has 1 or more bytes, none of them zero.") == true)
      #expect(kept.mistake?.hasPrefix("quarantine(\(String(reflecting: path))) is not possible; a path has") == true)
    }
  }

  @Test func aProfileLeavesNoCacheAndTakesNothingFromOne() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let path = folder.file("samples.cache")
    let calls = Calls()
    _ = try pipeline(calls, .disk(path: path)).profile(items: 10, concurrencies: [1])
    #expect(try FileSystem.kind(of: path) == .missing)
    #expect(calls.all.count >= 10)
    var elements = try pipeline(Calls(), .disk(path: path)).run(threads: 2, epochs: 1)
    #expect(try epoch(&elements) == (0..<100).map { $0 * 2 })
    let later = Calls()
    _ = try pipeline(later, .disk(path: path)).profile(items: 10, concurrencies: [1])
    #expect(later.all.count >= 10)
  }

  @Test func aCacheThatIsTooSmallIsGivenUpAndLosesNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let calls = Calls()
    var elements = try pipeline(calls, .memory(bytes: 1_000)).run(threads: 2, epochs: 3)
    for _ in 0..<3 { #expect(try epoch(&elements) == (0..<100).map { $0 * 2 }) }
    #expect(calls.all == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, 3) }))
  }

  @Test func aFileThatIsDeletedMeanwhileIsFilledAnew() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let path = folder.file("samples.cache")
    let calls = Calls()
    var elements = try pipeline(calls, .disk(path: path), count: 5_000).run(threads: 2, epochs: 5)
    for number in 0..<5 {
      #expect(try epoch(&elements) == (0..<5_000).map { $0 * 2 }, "epoch \(number)")
      if number == 1 { FileSystem.remove(path) }
    }
    #expect(throws: Never.self) { try FileSystem.kind(of: path) }
  }

  @Test func inAPathOfAnOrderedRouteItIsRefused() throws {
    let routed = Pipeline(from: 0..<4).route(
      by: { _ in "a" }, into: .path("a") { $0.map("work") { $0 }.cache(.memory(bytes: 1 << 20)) })
    let error = #expect(throws: HeadraceError.self) { _ = try routed.run() }
    #expect(error?.code == .invalidPipeline && error?.stage == "cache")
    let mixed = Pipeline(from: 0..<4).cache(.memory(bytes: 1 << 20)).route(
      by: { _ in "a" }, into: .path("a") { $0 }, ordering: .input)
    var elements = try mixed.run(epochs: 2)
    for _ in 0..<2 { #expect(try epoch(&elements) == [0, 1, 2, 3]) }
  }

  @Test func anEpochThatFailsOrEndsEarlyKeepsNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let hasFailed = Atomic<Bool>(false)
    var elements = try Pipeline(from: 0..<50).map { number in
      if number == 30, !hasFailed.exchange(true, ordering: .relaxed) { throw Mishap() }
      return number
    }.cache(.memory(bytes: 1 << 20)).run(threads: 2, epochs: 3)
    #expect(throws: HeadraceError.self) { _ = try epoch(&elements) }
    for _ in 0..<2 { #expect(try epoch(&elements) == Array(0..<50)) }

    let calls = Calls()
    var first = try pipeline(calls, .memory(bytes: 1 << 20)).run(threads: 2)
    for round in 0..<5 {
      for number in 0..<3 { #expect(try first.next() == number * 2, "round \(round)") }
      first.skipRestOfEpoch()
    }
    #expect(try epoch(&first) == (0..<100).map { $0 * 2 })
  }

  /// Its lanes may be in the middle of what they do when the next epoch begins to fill the cache.
  @Test(arguments: [true, false]) func anEpochThatIsLeftAtAnyMomentPutsNothingIntoTheCacheOfTheNext(
    isOnDisk: Bool
  ) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let path = folder.file("samples.cache")
    let wanted = (0..<500).map { $0 * 2 }
    for round in 0..<60 {
      FileSystem.remove(path)
      let cache: Cache = isOnDisk ? .disk(path: path) : .memory(bytes: 1 << 20)
      var elements = try pipeline(Calls(), cache, count: 500).run(threads: 1 + round % 3)
      for _ in 0..<2 {
        for number in 0..<(round * 7 % 500 + 1) { #expect(try elements.next() == number * 2, "round \(round)") }
        elements.skipRestOfEpoch()
      }
      for _ in 0..<3 { #expect(try epoch(&elements) == wanted, "round \(round)") }
    }
  }

  @Test func anEpochDoesNotWaitForALaterOneThatComesToTheCacheFirst() throws {
    let isFirst = Atomic<Bool>(true)
    let laterIsThrough = Gate()
    let count = 2_000
    var elements = try Pipeline(from: 0..<count).prefetch(2 * count).map("work", concurrency: 2) { number in
      if number == 0, isFirst.exchange(false, ordering: .relaxed) { laterIsThrough.pass() }
      return number
    }.cache(.memory(bytes: 1 << 24)).tap("behind") { if $0 == 0 { laterIsThrough.open() } }.run(threads: 3, epochs: 3)
    for _ in 0..<3 {
      var found: [Int] = []
      while let element = try elements.next(timeout: .seconds(60)) { found.append(element) }
      #expect(found == Array(0..<count))
    }
  }

  /// A number that may be held up while it is stored.
  private struct Held: Storable {
    var number: Int
    var isBeingStored: Tally?
    var gate: Gate?

    init(_ number: Int, _ isBeingStored: Tally, _ gate: Gate?) {
      self.number = number
      self.isBeingStored = isBeingStored
      self.gate = gate
    }

    init(storedBytes: Span<UInt8>) throws { number = try Int(storedBytes: storedBytes) }

    func store(into bytes: inout [UInt8]) {
      isBeingStored?.add()
      gate?.pass()
      number.store(into: &bytes)
    }
  }

  /// The first sample of all is held up while it is stored, and others have come to the cache with it: they are stored
  /// when their epoch has been left.
  @Test(arguments: [1, 2]) func whatIsStoredOfAnEpochThatWasLeftIsNotInTheCacheOfTheNext(threads: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let (stored, gate) = (Tally(), Gate())
    let isFirst = Atomic<Bool>(true)
    var elements = try Pipeline(from: 0..<40).map("hold") { number in
      Held(number, stored, isFirst.exchange(false, ordering: .relaxed) ? gate : nil)
    }.batch(20).unbatch().prefetch(64).cache(.disk(path: folder.file("samples.cache"))).map("number") { $0.number }
      .run(threads: threads)
    #expect(throws: HeadraceError.self) { _ = try elements.next(timeout: .milliseconds(1)) }
    stored.wait(for: 1)
    // Who leaves an epoch does not wait for a sample that is being stored.
    elements.skipRestOfEpoch()
    gate.open()
    for _ in 0..<3 { #expect(try epoch(&elements) == Array(0..<40)) }
    #expect(stored.count > 41, "nothing came late: the test shows nothing")
  }

  @Test func failedSamplesAreKeptInAQuarantineAndCounted() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    var elements = try Pipeline(from: ["good", "bad", "fine"])
      .map("check", onFailure: .quarantine(folder.file("bad"), upTo: 2)) { text in
        if text == "bad" { throw Mishap() }
        return text
      }.run(threads: 2, epochs: 1)
    #expect(try epoch(&elements) == ["good", "fine"])
    #expect(elements.statistics()[1].quarantinedCount == 1)
    #expect(elements.takeFailures().count == 1)
  }

  @Test func whatCannotBeStoredIsAMistake() {
    let error = #expect(throws: HeadraceError.self) {
      try PipelinePlan(Pipeline(from: [Mishap()]).cache(.disk(path: "x")))
    }
    #expect(error?.message.contains("Mishap cannot be cached on disk") == true)
    #expect(throws: HeadraceError.self) { try PipelinePlan(Pipeline(from: 0..<1).cache(.memory(bytes: 0))) }
  }
}
