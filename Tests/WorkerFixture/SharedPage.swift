import Glibc
import Synchronization

/// Words that a scenario and its worker share, to tell each other how far they are.
@safe
final class SharedPage: @unchecked Sendable {
  enum Word: Int {
    /// The parent lets the worker do what it is there for.
    case go
    /// When the worker gave itself the signal, on the monotonic clock.
    case killedAt
    /// How far the worker is.
    case reached
    /// Calls that are being made, and the most that there have been at one time.
    case running, most
  }

  /// One for factories, which are made anew in each process: to be looked at before anything is forked.
  static let common = SharedPage()

  private let words: UnsafeMutablePointer<Atomic<UInt64>>

  init() {
    let flags = MAP_SHARED | MAP_ANONYMOUS
    guard let memory = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, flags, -1, 0), unsafe memory != MAP_FAILED else {
      fatalError("mmap: error \(errno)")
    }
    unsafe words = memory.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  deinit {
    unsafe munmap(words, 4096)
  }

  subscript(word: Word) -> UInt64 {
    get { unsafe words[word.rawValue].load(ordering: .acquiring) }
    set { unsafe words[word.rawValue].store(newValue, ordering: .releasing) }
  }

  /// Adds to the word, wrapping around. Returns what it is then.
  @discardableResult func add(_ word: Word, _ count: UInt64) -> UInt64 {
    unsafe words[word.rawValue].wrappingAdd(count, ordering: .acquiringAndReleasing).newValue
  }

  /// Makes the word no less than `value`.
  func raise(_ word: Word, to value: UInt64) {
    unsafe words[word.rawValue].max(value, ordering: .acquiringAndReleasing)
  }

  /// Waits until the word is at least `value`. The scenario's alarm bounds it.
  func wait(_ word: Word, for value: UInt64 = 1) {
    while self[word] < value { sched_yield() }
  }
}
