import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// What each store does, wherever it keeps its samples.
@Suite struct CacheFillingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func store(isOnDisk: Bool) -> any CacheStore {
    isOnDisk
      ? DiskCacheStore<Int>(path: folder.file("c"), fingerprint: "f") : MemoryCacheStore(byteLimit: 1 << 20)
  }

  private func append(_ numbers: Range<Int>, to filling: any CacheFilling) {
    for number in numbers {
      let isKept = filling.append(Item(position: number, label: nil, value: number))
      #expect(isKept)
    }
  }

  private func contents(_ store: any CacheStore) throws -> [Int]? {
    guard let next = try store.open() else { return nil }
    var numbers: [Int] = []
    while let item = try next() { numbers.append(typed(item.value, as: Int.self)) }
    return numbers
  }

  @Test(arguments: [true, false]) func whatComesLateForAnEarlierEpochIsNotInTheCacheOfTheNext(isOnDisk: Bool) throws {
    let store = store(isOnDisk: isOnDisk)
    let left = try store.fill()
    append(0..<5, to: left)
    let next = try store.fill()
    append(100..<103, to: next)
    append(5..<10, to: left)
    #expect(try contents(store) == nil)
    append(103..<105, to: next)
    let isKept = next.finish()
    #expect(isKept)
    append(10..<15, to: left)
    #expect(try contents(store) == Array(100..<105))
  }

  @Test(arguments: [true, false]) func whatIsLetGoOfIsForgotten(isOnDisk: Bool) throws {
    let store = store(isOnDisk: isOnDisk)
    do {
      let left = try store.fill()
      append(0..<5, to: left)
    }
    #expect(try contents(store) == nil)
    #expect(try folder.names() == [])
  }
}
