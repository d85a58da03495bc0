import Glibc
import HeadraceCore
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

@Suite struct PipelineProfileTests {
  @Test func eachStageIsRunByItselfAtEachConcurrency() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let peaks = Mutex<Set<Int>>([])
    let crowd = Mutex(0)
    let profile = try Pipeline(from: 0..<10_000)
      .filter("even") { $0 % 2 == 0 }
      .map("work") { number in
        let now = crowd.withLock { count in
          count += 1
          return count
        }
        peaks.withLock { _ = $0.insert(now) }
        usleep(1_000)
        crowd.withLock { $0 -= 1 }
        return number
      }
      .shuffle(size: 16, seed: 1)
      .profile(items: 40, concurrencies: [4, 1, 2])
    #expect(profile.stages.map(\.name) == ["source", "even", "work", "shuffle"])
    #expect(profile.stages.map { $0.points.map(\.concurrency) } == [[1], [1, 2, 4], [1, 2, 4], [1]])
    #expect(profile.stages.map(\.itemCount) == [40, 40, 40, 40])
    #expect(profile.stages[2].points.allSatisfy { $0.meanTaskSeconds >= 0.001 })
    #expect(peaks.withLock(\.self).isSuperset(of: [1, 2, 3, 4]))
  }

  @Test func samplesThatFailAreCountedAndEndNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let profile = try Pipeline(from: 0..<100)
      .map("fails") { number in
        if number % 2 == 0 { throw Mishap() }
        return number
      }
      .profile(items: 50, concurrencies: [1])
    #expect(profile.stages[1].itemCount == 50)
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
    #expect(throws: HeadraceError.self) { try Pipeline(from: 0..<1).profile(items: 0) }
    #expect(throws: HeadraceError.self) { try Pipeline(from: 0..<1).profile(concurrencies: [0]) }
  }
}
