import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import HeadraceTestSupport
import Testing

/// Many chains whose samples are about as large as the limit on their bytes: what one stage is refused another has to give
/// back, whatever became of its samples.
///
/// `HEADRACE_GRAPHS` says how many, for a longer search; `HEADRACE_FIRST_GRAPH` where to begin.
@Suite struct ByteChainTests {
  private static let count = EnvironmentVariable.number("HEADRACE_GRAPHS", or: 200)
  private static let first = EnvironmentVariable.number("HEADRACE_FIRST_GRAPH", or: 0)

  @Test func samplesOfAboutTheLimitAllPass() throws {
    for seed in Self.first..<(Self.first + Self.count) {
      let chain = ByteChain(seed: seed)
      try Watchdog.guarding("\(chain)", seconds: 60) { try run(chain) }
    }
  }

  private func run(_ chain: ByteChain) throws {
    var elements = try chain.pipeline.run(threads: chain.threads, epochs: ByteChain.epochs)
    let expected = chain.expected
    for epoch in 0..<ByteChain.epochs {
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
