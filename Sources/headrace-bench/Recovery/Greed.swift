import HeadraceSystem
import Synchronization

/// A word that a trainer and its workers share, by which it has a worker take memory without an end.
@safe
final class Greed: @unchecked Sendable {
  private let memory: Mapping

  /// To be made before the workers, which get it by their fork.
  init() throws(Errno) {
    memory = try Mapping(MemoryFile(name: "headrace-bench-greed", byteCount: 4_096))
  }

  private var word: UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe memory.bytes.baseAddress!.assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// Asks one worker, once.
  func ask() { unsafe word.pointee.store(1, ordering: .releasing) }

  func takeAllMemoryIfAsked() {
    guard unsafe word.pointee.load(ordering: .relaxed) != 0, unsafe word.pointee.exchange(0, ordering: .acquiring) != 0
    else { return }
    var all: [[UInt8]] = []
    while true { all.append([UInt8](repeating: 1, count: 8 << 20)) }
  }
}
