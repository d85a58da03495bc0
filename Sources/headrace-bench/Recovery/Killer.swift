import Headrace
import HeadraceSystem
import Synchronization

/// Kills one worker after the other, each after a random while, and takes the time from the end of its process to the next
/// batch that is published.
final class Killer: Sendable {
  private struct State {
    var recoveries: [(kind: KillKind, milliseconds: Double)] = []
    var isDone = false
  }

  private let ring: Ring
  private let kills: Int
  private let greed: Greed
  private let group: MemoryGroup?
  private let state = Mutex(State())

  /// - Parameter group: where a worker can run out of memory; nil: none of them will.
  init(ring: Ring, kills: Int, greed: Greed, group: consuming MemoryGroup?) {
    self.ring = ring
    self.kills = kills
    self.greed = greed
    self.group = group
  }

  var recoveries: [(kind: KillKind, milliseconds: Double)] { state.withLock { $0.recoveries } }
  var isDone: Bool { state.withLock { $0.isDone } }

  func run() {
    for number in 0..<kills {
      // From a while in which hardly a batch is out to one in which the ring is full and an epoch over.
      Pause.milliseconds(Double.random(in: 0...40))
      if let milliseconds = killOne(KillKind.allCases[number % KillKind.allCases.count]) {
        state.withLock { $0.recoveries.append(milliseconds) }
      }
    }
    state.withLock { $0.isDone = true }
  }

  /// Returns what was done; nil where the worker was gone already.
  private func killOne(_ kind: KillKind) -> (KillKind, Double)? {
    guard let number = ring.workerProcessID, let worker = try? ProcessHandle(processID: Int32(number)) else {
      return nil
    }
    var done = kind
    if kind == .outOfMemory {
      if takesMemory(number) { greed.ask() } else { done = .killed }
    }
    if let signal = done.signal { worker.send(signal) }
    _ = Poll.wait(worker.descriptor.number)
    let death = MonotonicClock.now
    let published = ring.publishedCount
    while ring.publishedCount == published { Thread.yield() }
    return (done, Double(MonotonicClock.now - death) / 1e6)
  }

  private func takesMemory(_ processID: Int) -> Bool {
    switch group {
    case .some(let group): group.take(processID)
    case .none: false
    }
  }
}
