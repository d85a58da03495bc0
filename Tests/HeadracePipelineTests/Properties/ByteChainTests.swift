import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import HeadraceTestSupport
import Testing

/// Many chains whose samples are about as large as the limit on their bytes: what one stage is refused another has to
/// give back, whatever became of its samples; and what is alive stays near the limit.
///
/// `HEADRACE_GRAPHS` says how many, for a longer search; `HEADRACE_FIRST_GRAPH` where to begin.
@Suite struct ByteChainTests {
  private static let count = EnvironmentVariable.number("HEADRACE_GRAPHS", or: 200)
  private static let first = EnvironmentVariable.number("HEADRACE_FIRST_GRAPH", or: 0)

  @Test func samplesOfAboutTheLimitAllPassAndStayNearIt() throws {
    for seed in Self.first..<(Self.first + Self.count) {
      let chain = ByteChain(seed: seed)
      try Watchdog.guarding("\(chain)", seconds: 60) { try run(chain) }
    }
  }

  private func run(_ chain: ByteChain) throws {
    let live = LiveBytes()
    try run(chain, live)
    // One sample that passes although there is no room, what is made of it, and the one that the consumer has.
    let beyond = (3 + chain.heldCount) * chain.largestByteCount
    if !chain.hasCache { #expect(live.peak <= chain.limit + beyond, "\(chain)") }
    live.waitUntilGone()
  }

  private func run(_ chain: ByteChain, _ live: LiveBytes) throws {
    var elements = try chain.pipeline(live).run(threads: chain.threads, epochs: ByteChain.epochs)
    let expected = chain.expected
    for epoch in 0..<ByteChain.epochs {
      // Each stage had had its largest result, in the first epoch, before the first sample of this was read.
      if epoch == 2 { live.forgetPeak() }
      var numbers: [Int] = []
      while let number = try elements.next()?.number {
        numbers.append(number)
        if epoch == 0, numbers.count == chain.taken {
          elements.skipRestOfEpoch()
          break
        }
      }
      if epoch == 0, numbers.count == chain.taken { continue }
      #expect(
        (chain.isMixed ? numbers.sorted() : numbers) == (chain.isMixed ? expected.sorted() : expected), "\(chain)")
    }
    #expect(elements.stop(timeout: .seconds(60)).isEmpty, "\(chain)")
  }
}
