import HeadraceCore
import Synchronization

/// Samples in memory.
final class MemoryCacheStore: CacheStore {
  private let byteLimit: Int
  /// Those of a whole epoch.
  private let items: Mutex<[Item]?> = Mutex(nil)

  init(byteLimit: Int) {
    self.byteLimit = byteLimit
  }

  func open() -> (() throws(HeadraceError) -> Item?)? {
    guard let items = items.withLock({ $0 }) else { return nil }
    var place = 0
    return { () throws(HeadraceError) in
      guard place < items.count else { return nil }
      defer { place += 1 }
      return items[place]
    }
  }

  func fill() -> any CacheFilling { Filling(self) }

  private final class Filling: CacheFilling {
    private let store: MemoryCacheStore
    private var cache: MemoryCache

    init(_ store: MemoryCacheStore) {
      self.store = store
      cache = MemoryCache(byteLimit: store.byteLimit)
    }

    var problem: HeadraceError? { cache.problem }

    func append(_ item: Item) -> Bool { cache.append(item) }

    func finish() -> Bool {
      guard cache.problem == nil else { return false }
      let items = cache.items
      store.items.withLock { $0 = items }
      return true
    }
  }
}
