import Headrace
import HeadraceSystem
import Synchronization

/// Kills one process of a loader after the other, each after a random while, and takes the time from its end to the
/// next batch that is published.
final class Killer: Sendable {
  private struct State {
    var recoveries: [(kind: KillKind, milliseconds: Double)] = []
    var isDone = false
  }

  private let ring: Ring
  /// The supervisor, whose children they are.
  private let rootID: Int32
  private let hasPool: Bool
  private let kills: Int
  private let greed: Greed
  private let group: MemoryGroup?
  private let state = Mutex(State())

  /// - Parameter group: where a worker can run out of memory; nil: none of them will.
  init(ring: Ring, rootID: Int32, hasPool: Bool, kills: Int, greed: Greed, group: consuming MemoryGroup?) {
    self.ring = ring
    self.rootID = rootID
    self.hasPool = hasPool
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
    guard let number = victim(kind), let worker = try? ProcessHandle(processID: Int32(number)) else {
      return nil
    }
    var done = kind
    if kind == .outOfMemory {
      if takesMemory(number) { greed.ask(number) } else { done = .killed }
    }
    if let signal = done.signal { worker.send(signal) }
    _ = Poll.wait(worker.descriptor.number)
    let death = MonotonicClock.now
    let published = ring.publishedCount
    while ring.publishedCount == published { Thread.yield() }
    return (done, Double(MonotonicClock.now - death) / 1e6)
  }

  /// Any of the loader's processes; one that calls closures, where it is to take memory.
  private func victim(_ kind: KillKind) -> Int? {
    guard hasPool else { return ring.workerProcessID }
    var buffer: [UInt8] = []
    let names = kind == .outOfMemory ? ["headrace-pool"] : ["headrace-pool", "headrace-worker"]
    return ProcessTree.children(of: rootID, buffer: &buffer).filter { child in
      let name = SmallFile.read("/proc/\(child)/comm") ?? ""
      return names.contains { name.hasPrefix($0) }
    }.randomElement().map(Int.init)
  }

  private func takesMemory(_ processID: Int) -> Bool {
    switch group {
    case .some(let group): group.take(processID)
    case .none: false
    }
  }
}
