import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// What samples say of their bytes.
@Suite struct ByteCountTests {
  /// A sample that says whatever it was told to.
  private struct Claim: ByteCountable, Sendable {
    let number: Int
    let byteCount: Int
  }

  @Test func aBillionSamplesThatClaimTheMostCanBeAddedUp() {
    let most = ElementTraits<Claim>().byteCount(Claim(number: 0, byteCount: .max))
    #expect(!most.multipliedReportingOverflow(by: 1_000_000_000).overflow)
    #expect(most >= 1 << 32)
  }

  @Test func numbersOfBytesThatNoSampleHasHarmNothing() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let claims = [Int.min, -1, 0, 7, Int.max, Int.max, 1 << 60, Int.min, Int.max, Int.max]
    var elements = try Pipeline(from: 0..<100)
      .map("claim", concurrency: 2) { Claim(number: $0, byteCount: claims[$0 % claims.count]) }
      .prefetch(bytes: 1_000)
      .map("fetch", concurrency: 2) { (claim: Claim) async -> Claim in claim }
      .batch(2)
      .unbatch()
      .cache(.memory(bytes: .max))
      .limits(bytes: 1_000)
      .run(threads: 2, epochs: 2)
    for _ in 0..<2 {
      var found: [Int] = []
      while let claim = try elements.next() { found.append(claim.number) }
      #expect(found == Array(0..<100))
    }
  }
}
