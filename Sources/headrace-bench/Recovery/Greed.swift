import HeadraceSystem
import Synchronization

/// A word that a trainer and its workers share, by which it has one of them take memory without an end.
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

  /// Asks one process, once.
  func ask(_ processID: Int) { unsafe word.pointee.store(UInt32(processID), ordering: .releasing) }

  func takeAllMemoryIfAsked() {
    let asked = unsafe word.pointee.load(ordering: .relaxed)
    guard asked != 0, asked == UInt32(ProcessIdentity.current.processID) else { return }
    unsafe word.pointee.store(0, ordering: .relaxed)
    var all: [[UInt8]] = []
    while true { all.append([UInt8](repeating: 1, count: 8 << 20)) }
  }
}
