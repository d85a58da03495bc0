import HeadraceCore
import Testing

@testable import HeadracePipeline

/// A cache in memory holds all samples, or none.
@Suite struct MemoryCacheTests {
  private let entry = MemoryCache.entryByteCount

  @Test func samplesAreHeldInTheirOrderWithTheirNames() {
    var cache = MemoryCache(byteLimit: 10_000)
    for number in 0..<5 { expect(cache.append(item(number, byteCount: 100))) }
    #expect(cache.items.map(\.position) == [0, 1, 2, 3, 4])
    #expect(cache.items.map { $0.label?.id.key } == ["0", "1", "2", "3", "4"])
    #expect(cache.items.map { typed($0.value, as: Int.self) } == [0, 1, 2, 3, 4])
    #expect(cache.byteCount == 5 * (100 + entry))
    #expect(cache.problem == nil)
  }

  @Test func theLimitCanBeReachedAndNotPassed() {
    var cache = MemoryCache(byteLimit: 2 * (100 + entry))
    expect(cache.append(item(0, byteCount: 100)))
    expect(cache.append(item(1, byteCount: 100)))
    #expect(cache.byteCount == cache.byteLimit)
    expect(!cache.append(item(2, byteCount: 0)))
    #expect(cache.items.isEmpty && cache.byteCount == 0, "freed")
    expect(!cache.append(item(3, byteCount: 0)))
  }

  @Test func whatIsGivenUpSaysWhenAndWhatToDo() {
    var cache = MemoryCache(byteLimit: 1_000_000)
    cache.append(item(0, byteCount: 600_000))
    cache.append(item(1, byteCount: 500_000))
    #expect(cache.problem?.code == .limitExceeded)
    #expect(cache.problem?.sample?.key == "1")
    #expect(
      cache.problem?.message
        == "The cache was given up at sample 2 of 500 kB: it held 600 kB, and may hold 1.0 MB; raise"
        + " the limit, or cache on disk.")
    let problem = cache.problem
    cache.append(item(2, byteCount: 1))
    #expect(cache.problem == problem, "said once")
  }

  @Test func samplesThatDoNotTellTheirBytesCountAllTheSame() {
    var cache = MemoryCache(byteLimit: 100 * entry)
    var count = 0
    while count < 1000, cache.append(item(count, byteCount: 0)) { count += 1 }
    #expect(count == 100)
  }

  @Test(arguments: [Int.max, .min]) func extremeByteCountsDoNotOverflow(_ byteCount: Int) {
    var cache = MemoryCache(byteLimit: 1000)
    expect(cache.append(item(0, byteCount: byteCount)) == (byteCount < 0))
    var none = MemoryCache(byteLimit: 0)
    expect(!none.append(item(0, byteCount: byteCount)))
  }

  /// The macro alone does not take calls that change a value.
  private func expect(_ isTrue: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(isTrue, sourceLocation: sourceLocation)
  }

  private func item(_ number: Int, byteCount: Int) -> Item {
    Item(position: number, label: SampleLabel(SampleID(key: "\(number)")), byteCount: byteCount, value: number)
  }
}
