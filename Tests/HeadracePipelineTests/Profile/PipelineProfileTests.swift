import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

@Suite struct PipelineProfileTests {
  @Test func eachStageIsRunByItselfAtEachConcurrency() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    // What "work" is asked for: 40 samples at a concurrency of 1, of 2 and of 4.
    let calls = Tally()
    let crowds = [1, 2, 4].map { (concurrency: $0, arrived: Tally(), crowd: Crowd()) }
    let profile = try Pipeline(from: 0..<10_000)
      .filter("even") { $0 % 2 == 0 }
      .map("work") { (number: Int) in
        let phase = (calls.add() - 1) / 40
        // Later calls are of the stages behind it.
        guard crowds.indices.contains(phase) else { return number }
        let (concurrency, arrived, crowd) = crowds[phase]
        crowd.enter()
        // So many are at work at once, or this waits for ever.
        arrived.add()
        arrived.wait(for: concurrency)
        crowd.leave()
        return number
      }
      .shuffle(size: 16, seed: 1)
      .profile(items: 40, concurrencies: [4, 1, 2])
    #expect(profile.stages.map(\.name) == ["source", "even", "work", "shuffle"])
    #expect(profile.stages.map { $0.points.map(\.concurrency) } == [[1], [1, 2, 4], [1, 2, 4], [1]])
    #expect(profile.stages.map(\.itemCount) == [40, 40, 40, 40])
    #expect(profile.stages[2].points.allSatisfy { $0.meanTaskSeconds > 0 })
    #expect(crowds.map(\.crowd.peak) == [1, 2, 4])
  }

  @Test func samplesThatFailAreCountedAndEndNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let calls = Tally()
    let profile = try Pipeline(from: 0..<100)
      .map("fails") { (_: Int) -> Int in
        calls.add()
        throw Mishap()
      }
      .profile(items: 50, concurrencies: [1])
    #expect(profile.stages[1].itemCount == 50)
    #expect(calls.count == 50)
    // Nothing has come out of it: the rate is of what it took in.
    #expect(profile.stages[1].points[0].itemsPerSecond > 0)
  }

  @Test func anOrderedRouteCanBeProfiledOnPartOfAnEpoch() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let profile = try Pipeline(from: 0..<1_000)
      .route(
        by: { $0 % 2 == 0 ? "even" : "odd" }, into: .path("even") { $0.map("double") { $0 * 2 } },
        .path("odd") { $0.map("triple") { $0 * 3 } }
      )
      .profile(items: 50, concurrencies: [1])
    #expect(profile.stages.contains { $0.name == "route.join" && $0.points[0].itemsPerSecond > 0 })
    #expect(profile.stages.map(\.name) == ["source", "route", "double", "triple", "route.join"])
  }

  @Test func theTableHasAColumnForEachConcurrencyAndTheKnee() {
    func point(_ concurrency: Int, _ rate: Double) -> StageProfile.Point {
      StageProfile.Point(concurrency: concurrency, itemsPerSecond: rate, meanTaskSeconds: 0, occupancy: 0)
    }
    let profile = PipelineProfile(stages: [
      StageProfile(name: "source", kind: .source, itemCount: 9, points: [point(1, 412_003)]),
      StageProfile(
        name: "decode", kind: .map, itemCount: 9, points: [point(1, 771), point(2, 1_508), point(4, 1_512)]),
    ])
    #expect(
      profile.description == """
        stage        x1     x2     x4  enough
        source  412,003      -      -      x1
        decode      771  1,508  1,512      x2
        """)
  }

  @Test func wrongNumbersAreNamed() {
    let pipeline = Pipeline(from: 0..<1)
    let noItems = #expect(throws: HeadraceError.self) { try pipeline.profile(items: 0) }
    #expect(noItems?.message.hasPrefix("A profile of 0 items is not possible") == true)
    for wrong in [[0], [257], [1, -3], []] {
      let error = #expect(throws: HeadraceError.self) { try pipeline.profile(concurrencies: wrong) }
      #expect(error?.message.hasPrefix("Concurrencies \(wrong) are not possible") == true)
      #expect(error?.code == .invalidArgument)
    }
  }
}
