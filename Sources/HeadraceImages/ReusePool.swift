import Synchronization

/// Memory of decodes for later ones: as much as decodes have run at once. A thread takes some, works alone with it, and
/// puts it back.
final class ReusePool<Memory: ReusableMemory>: Sendable {
  private let unused = Mutex<[Memory]>([])
  private let mostKept: Int

  /// - Parameter mostKept: of what has more bytes, memory is given back after the decode that needed it.
  init(mostKept: Int) { self.mostKept = mostKept }

  /// Memory that nobody else has, until it is put back; nil where all is in use, so that more has to be made.
  func take() -> Memory? { unused.withLock { $0.popLast() } }

  func put(_ memory: Memory) {
    if memory.byteCount > mostKept { memory.release() }
    unused.withLock { $0.append(memory) }
  }
}
