import HeadraceCore
import Synchronization

/// Samples in memory.
final class MemoryCacheStore: CacheStore {
  private struct State {
    var cache: MemoryCache
    var isWhole = false
  }

  private let byteLimit: Int
  private let state: Mutex<State>

  init(byteLimit: Int) {
    self.byteLimit = byteLimit
    state = Mutex(State(cache: MemoryCache(byteLimit: byteLimit)))
  }

  func open() -> (() throws(HeadraceError) -> Item?)? {
    guard let items = state.withLock({ $0.isWhole ? $0.cache.items : nil }) else { return nil }
    var place = 0
    return { () throws(HeadraceError) in
      guard place < items.count else { return nil }
      defer { place += 1 }
      return items[place]
    }
  }

  func append(_ item: Item) -> Bool { state.withLock { $0.cache.append(item) } }

  func finish() -> Bool {
    state.withLock { state in
      state.isWhole = state.cache.problem == nil
      return state.isWhole
    }
  }

  func abandon() {
    state.withLock { $0 = State(cache: MemoryCache(byteLimit: byteLimit)) }
  }
}
