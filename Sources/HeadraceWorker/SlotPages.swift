import HeadraceRing
import HeadraceSystem
import Synchronization

/// Enters the pages of a ring's slots into the worker's page table, once, so that no batch waits for that again and
/// again.
///
/// Not before the first batch is out: it would wait for the processors that the pages of all slots take, 0.4 ms per
/// MiB, where its own rows touch those of one.
final class SlotPages: Sendable {
  private let ring: Ring
  private let isBegun = Atomic(false)

  init(_ ring: Ring) { self.ring = ring }

  /// Begins on a thread of its own, the first time; where there can be none, rows touch the pages.
  func populate() {
    guard !isBegun.load(ordering: .relaxed), !isBegun.exchange(true, ordering: .relaxed) else { return }
    try? Thread.start(name: "headrace-pages") { [ring] in ring.populate(forWriting: true) }
  }
}
