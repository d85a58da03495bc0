import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct RouteTests {
  /// What the paths of `mixed` make of 0..<count in order: thirds are squared, left out unless even, and made two of.
  private static func expected(_ count: Int) -> [Int] {
    (0..<count).flatMap { number in
      switch number % 3 {
      case 0: [number * number]
      case 1: number % 2 == 0 ? [number] : []
      default: [number, -number]
      }
    }
  }

  private static func mixed(_ count: Int, _ ordering: Ordering) -> Pipeline<Int> {
    Pipeline(from: 0..<count).route(
      by: { ["square", "even", "both"][$0 % 3] },
      into: .path("square") { $0.map("square", concurrency: 3) { $0 * $0 } },
      .path("even") { $0.filter("even", concurrency: 2) { $0 % 2 == 0 } },
      .path("both") { $0.flatMap("both", concurrency: 2) { [$0, -$0] } }, ordering: ordering)
  }

  // MARK: Order

  @Test(arguments: [1, 2, 4], [0, 1, 2000])
  func inOrderAllThatIsMadeOfASampleLeavesBeforeWhatIsMadeOfTheNext(threads: Int, count: Int) throws {
    let expected = Self.expected(count)
    #expect(try Self.mixed(count, .input).collected(threads: threads, epochs: 3) == [expected, expected, expected])
  }

  @Test(arguments: [1, 4])
  func byArrivalAllIsThere(threads: Int) throws {
    let expected = Self.expected(2000).sorted()
    for epoch in try Self.mixed(2000, .completion).collected(threads: threads, epochs: 3) {
      #expect(epoch.sorted() == expected)
    }
  }

  @Test func byArrivalAPathDoesNotWaitForAnother() throws {
    let gate = Gate()
    let pipeline = Pipeline(from: 0..<20).route(
      by: { $0 == 0 ? "slow" : "quick" },
      into: .path("slow") {
        $0.map("wait") { number in
          gate.pass()
          return number
        }
      }, .path("quick") { $0 }, ordering: .completion)
    try Watchdog.guarding("the quick path") {
      var elements = try pipeline.run(threads: 2, epochs: 1)
      for expected in 1..<20 { #expect(try elements.next() == expected) }
      gate.open()
      #expect(try elements.next() == 0)
      #expect(try elements.next() == nil)
    }
  }

  @Test(arguments: [1, 4])
  func whatAPathKeepsLeavesAtTheEndPathByPath(threads: Int) throws {
    let pipeline = Pipeline(from: 0..<11).route(
      by: { $0 % 2 == 0 ? "even" : "odd" },
      into: .path("even") { $0.batch(4, name: "fours") }, .path("odd") { $0.batch(3, name: "threes") })
    #expect(try pipeline.collected(threads: threads) == [[[1, 3, 5], [0, 2, 4, 6], [8, 10], [7, 9]]])
  }

  @Test(arguments: [1, 2, 4], [Ordering.input, .completion])
  func stagesThatDoNotKeepTheOrderLoseNothing(threads: Int, ordering: Ordering) throws {
    let pipeline = Pipeline(from: 0..<900).route(
      by: { ["shuffled", "done", "timed"][$0 % 3] },
      into: .path("shuffled") { $0.shuffle(size: 20, seed: 1) },
      .path("done") { $0.map("done", concurrency: 4, ordering: .completion) { $0 } },
      .path("timed") { $0.batch(max: 7, within: .microseconds(50)).unbatch() }, ordering: ordering)
    for epoch in try pipeline.collected(threads: threads, epochs: 2) { #expect(epoch.sorted() == Array(0..<900)) }
  }

  @Test(arguments: [1, 2, 4])
  func queuesOfOneAreLongEnough(threads: Int) throws {
    let pipeline = Pipeline(from: 0..<300).prefetch(1).route(
      by: { $0 % 3 == 0 ? "outer" : "rest" },
      into: .path("outer") {
        $0.prefetch(1).route(
          "inner", by: { $0 % 2 == 0 ? "even" : "odd" },
          into: [.path("even") { $0.prefetch(1).flatMap { [$0, $0] }.prefetch(1) }, .path("odd") { $0.prefetch(1) }]
        ).prefetch(1)
      }, .path("rest") { $0.prefetch(1).map { $0 }.prefetch(1) }
    ).prefetch(1)
    let expected = (0..<300).flatMap { $0 % 6 == 0 ? [$0, $0] : [$0] }
    #expect(try pipeline.collected(threads: threads, epochs: 2) == [expected, expected])
  }

  // MARK: Routes in paths of routes

  @Test(arguments: [1, 4], [Ordering.input, .completion])
  func aRouteInAPathOfAnOrderedOneKeepsItsOrder(threads: Int, inner: Ordering) throws {
    let pipeline = Pipeline(from: 0..<500).route(
      by: { $0 % 2 == 0 ? "even" : "odd" },
      into: .path("even") {
        $0.flatMap { [$0, $0 + 1000] }.route(
          "inner", by: { $0 % 4 == 0 ? "fours" : "rest" },
          into: [.path("fours") { $0.map("fours", concurrency: 2) { $0 } }, .path("rest") { $0 }], ordering: inner)
      }, .path("odd") { $0 })
    // What comes of one sample takes one path, so it is in order either way.
    let expected = (0..<500).flatMap { $0 % 2 == 0 ? [$0, $0 + 1000] : [$0] }
    #expect(try pipeline.collected(threads: threads, epochs: 2) == [expected, expected])
  }

  @Test(arguments: [1, 4])
  func anotherPipelineCanJoinAPath(threads: Int) throws {
    let pipeline = Pipeline(from: 0..<100).route(
      by: { $0 % 2 == 0 ? "even" : "odd" },
      into: .path("even") { $0.zip(with: Pipeline("names", from: Endless())).map { "\($0.0)/\($0.1)" } },
      .path("odd") { $0.map("odd") { "\($0)" } })
    let expected = (0..<100).map { $0 % 2 == 0 ? "\($0)/\($0 / 2)" : "\($0)" }
    #expect(try pipeline.collected(threads: threads, epochs: 2) == [expected, expected])
  }

  @Test func samplesKeepTheirNames() throws {
    let pipeline = Pipeline(from: (0..<9).map { Named(number: $0) }).route(
      by: { $0.number % 2 == 0 ? "even" : "odd" }, into: .path("even") { $0 }, .path("odd") { $0 }
    ).map { named -> Int in
      if named.number == 7 { throw Mishap() }
      return named.number
    }
    let outcome = try pipeline.outcome()
    #expect(outcome.elements == Array(0..<7))
    #expect(outcome.error?.sample == SampleID(key: "n7"))
  }

  @Test func batchesCanBeMadeOfWhatComesOut() throws {
    let rig = try Rig(Self.mixed(30, .input).batch(7, concurrency: 2))
    #expect(rig.epoch() == .completed)
    #expect(rig.values == Self.expected(30).map(Int64.init))
  }

  // MARK: Paths that end early

  @Test(arguments: [1, 4], [Ordering.input, .completion])
  func whenAllPathsHaveEndedTheSourceIsStopped(threads: Int, ordering: Ordering) throws {
    let pipeline = Pipeline(from: Endless()).route(
      by: { $0 % 2 == 0 ? "even" : "odd" },
      into: .path("even") { $0.take(3, name: "three") }, .path("odd") { $0.take(100, name: "hundred") },
      ordering: ordering)
    for epoch in try pipeline.collected(threads: threads, epochs: 2) {
      #expect(epoch.filter { $0 % 2 == 0 } == [0, 2, 4])
      #expect(epoch.filter { $0 % 2 == 1 } == (0..<100).map { 2 * $0 + 1 })
      if ordering == .input { #expect(Array(epoch.prefix(8)) == [0, 1, 2, 3, 4, 5, 7, 9]) }
    }
  }

  @Test(arguments: [Ordering.input, .completion])
  func bytesOfWhatIsDroppedAreGivenBack(ordering: Ordering) throws {
    // 100 samples of 100 bytes are dropped. If they counted as in flight, no two of the others could be worked on at
    // once.
    let text = String(repeating: "x", count: 100)
    let inside = Tally()
    let pipeline = Pipeline(from: 0..<105).map("text") { "\($0) " + text }.route(
      by: { $0.count == 104 ? "last" : "first" },
      into: .path("first") { $0.take(0) },
      .path("last") {
        $0.map("last", concurrency: 4) { text in
          // The first goes alone, since it is not known how large results are.
          if text.hasPrefix("100") { return text }
          inside.add()
          inside.wait(for: 4)
          return text
        }
      }, ordering: ordering
    ).limits(bytes: 2000)
    #expect(try pipeline.collected(threads: 5) == [(100..<105).map { "\($0) " + text }])
  }

  // MARK: Failures

  private static func choosing(_ policy: FailurePolicy, _ ordering: Ordering = .input) -> Pipeline<Int> {
    Pipeline(from: 0..<400).route(
      by: { number in
        if number % 100 == 50 { throw Mishap() }
        return number % 2 == 0 ? "even" : "odd"
      }, into: .path("even") { $0 }, .path("odd") { $0.map { $0 } }, ordering: ordering, onFailure: policy)
  }

  @Test func aPathThatDoesNotExistIsNamedBesideThoseThatDo() throws {
    let outcome = try Pipeline(from: 0..<9).route(
      "kinds", by: { $0 == 4 ? "cat" : "dog" }, into: .path("dog") { $0 }, .path("bird") { $0.map { $0 } }
    ).outcome()
    #expect(outcome.elements == [0, 1, 2, 3])
    #expect(
      outcome.error?.description
        == "Stage \"kinds\" has no path \"cat\"; it has \"dog\", \"bird\". Choose one of them for this sample, or add"
        + " the path. [sample: sample 4]")
  }

  @Test(arguments: [1, 4])
  func aFailedChoiceEndsTheEpochInItsPlace(threads: Int) throws {
    let outcome = try Self.choosing(.raise).outcome(threads: threads)
    #expect(outcome.elements == Array(0..<50))
    #expect(outcome.error?.stage == "route")
  }

  @Test(arguments: [Ordering.input, .completion])
  func failedChoicesCountAgainstAllSamples(ordering: Ordering) throws {
    let failed = [50, 150, 250, 350]
    for policy in [FailurePolicy.skip(upTo: 4), .skip(fraction: 0.02)] {
      let outcome = try Self.choosing(policy, ordering).outcome()
      #expect(outcome.elements.sorted() == (0..<400).filter { !failed.contains($0) })
      #expect(outcome.failed == failed)
      #expect(outcome.error == nil)
    }
    for policy in [FailurePolicy.skip(upTo: 3), .skip(fraction: 0.009)] {
      #expect(try Self.choosing(policy, ordering).outcome().error?.code == .tooManyFailures)
    }
  }

  @Test(arguments: [1, 4])
  func aFailureInAPathEndsTheEpochInItsPlace(threads: Int) throws {
    let pipeline = Pipeline(from: 0..<400).route(
      by: { $0 % 2 == 0 ? "even" : "odd" },
      into: .path("even") {
        $0.map("bad", concurrency: 3) { number -> Int in
          if number == 200 { throw Mishap() }
          return number
        }
      }, .path("odd") { $0 })
    let outcome = try pipeline.outcome(threads: threads)
    #expect(outcome.elements == Array(0..<200))
    #expect(outcome.error?.stage == "bad")
  }

  @Test(arguments: [1, 4])
  func anErrorOfTheSourceComesAfterAllBeforeIt(threads: Int) throws {
    let pipeline = Pipeline(from: FaultySource(length: 100, failsAt: 60)).route(
      by: { $0 % 2 == 0 ? "even" : "odd" }, into: .path("even") { $0.map { $0 } }, .path("odd") { $0 })
    let outcome = try pipeline.outcome(threads: threads)
    #expect(outcome.elements == Array(0..<60))
    #expect(outcome.error != nil)
  }

  @Test func marksDoNotCountAsSamplesOfAStage() throws {
    // One of each 50 in the path. The third is one of 126 so far: a share of 0.024 of them, and of 0.012 of samples and
    // marks together.
    func outcome(_ share: Double) throws -> HeadraceError? {
      try Pipeline(from: 0..<300).route(
        by: { $0 % 2 == 0 ? "even" : "odd" },
        into: .path("even") {
          $0.map("bad", onFailure: .skip(fraction: share)) { number -> Int in
            if number % 100 == 50 { throw Mishap() }
            return number
          }
        }, .path("odd") { $0 }
      ).outcome().error
    }
    #expect(try outcome(0.03) == nil)
    #expect(try outcome(0.015)?.code == .tooManyFailures)
  }

  // MARK: Statistics

  @Test(arguments: [Ordering.input, .completion])
  func statisticsAndHooksTellOfSamplesAlone(ordering: Ordering) throws {
    let calls = Tally()
    var elements = try Self.mixed(300, ordering).run(
      threads: 2, epochs: 1,
      hooks: RunHooks(task: { event in
        if event.stage == "route.join", case .began = event.phase { calls.add() }
      }))
    while try elements.next() != nil {}
    // At rest, with the last calls counted.
    #expect(elements.stop().isEmpty)
    let statistics = elements.statistics()
    func stage(_ name: String) throws -> StageStatistics { try #require(statistics.first { $0.name == name }) }
    let results = Self.expected(300).count
    #expect(try stage("route").taskCount == 300)
    #expect(try stage("route").output.itemCount == 300)
    #expect(try stage("square").taskCount == 100)
    #expect(try stage("square").output.itemCount == 100)
    #expect(try stage("route.join").taskCount == results)
    #expect(try stage("route.join").output.itemCount == results)
    #expect(calls.count == results)
  }

  // MARK: Mistakes

  @Test func mistakesAreToldBeforeTheStart() {
    func mistake(_ paths: RoutePath<Int, Int>...) -> String? {
      Pipeline(from: 0..<3).route(by: { _ in "a" }, into: paths).mistake
    }
    #expect(mistake() == "The route has no paths; give one or more. [stage: route]")
    #expect(
      mistake(.path("a") { $0 }, .path("a") { $0.map { $0 } })
        == "Two paths are named \"a\"; give each a name of its own. [stage: route]")
    #expect(
      mistake(.path("a") { $0 }, .path("b") { _ in Pipeline("other", from: 0..<3) })
        == "Path \"b\" does not go on with the pipeline that its closure is given, so what is sent along it would go"
        + " nowhere; begin the path with that pipeline. [stage: route]")
    #expect(
      mistake(.path("a") { $0.merge(with: $0) })
        == "Two stages take from stage \"route\", which gives each sample once; make a pipeline for each of them.")
    #expect(
      mistake(.path("a") { $0.map { $0 } }, .path("b") { $0.map { $0 } })?.hasPrefix("Two stages are named \"map\"")
        == true)
    #expect(
      mistake(.path("a") { $0.repeat(2, name: "twice") })?.hasPrefix("A repeat cannot stand in a path of a route")
        == true)
  }
}
