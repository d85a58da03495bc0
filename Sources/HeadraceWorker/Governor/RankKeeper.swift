import Dispatch
import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem
import Synchronization

/// A thread of the worker that keeps the niceness of the trainer, and starts threads for lanes that are to rank higher;
/// and the governor that says when, which it asks five times a second while that can make a difference.
///
/// It sleeps as long as the trainer does not wait; where lanes are in SCHED_IDLE, as long as nothing is at work.
final class RankKeeper: LaneRank {
  /// Whom it looks at.
  private struct Subject {
    let ring: Ring
    let tell: @Sendable (TuningNote) -> Void
  }

  /// A thread that is to be started.
  private final class Order: Sendable {
    let start: @Sendable () -> Errno?
    let isDone = DispatchSemaphore(value: 0)
    let refusal = Mutex<Errno?>(nil)
    init(_ start: @escaping @Sendable () -> Errno?) { self.start = start }
  }

  private let wanted: Atomic<Int>
  let initialNiceness: Int
  private let urgent: Int
  private let slice: UInt64?
  /// Whether nothing is looked at since nothing was at work: the next lane that begins with something ends that.
  private let isResting = Atomic<Bool>(false)
  /// Whether the trainer has been seen to wait since the last lap.
  private let hasNoticed = Atomic<Bool>(false)
  private let subject = Mutex<Subject?>(nil)
  private let orders = Mutex<[Order]>([])
  private let wake = DispatchSemaphore(value: 0)
  private let begun = MonotonicClock.now

  private static let lap: UInt64 = 200_000_000

  /// To be made by a thread that has the niceness of the trainer still. Nil where the system permits no thread for it:
  /// then lanes rank as the process does.
  init?(_ isolation: Isolation) {
    let urgent = isolation.urgentNiceness ?? isolation.niceness
    let mayIdle = isolation.scheduling == .adaptive && ThreadRank.mayLeaveIdle(niceness: isolation.niceness)
    // Of a policy below all niceness the niceness makes no difference.
    guard mayIdle || urgent < isolation.niceness && isolation.scheduling != .idle else { return nil }
    initialNiceness = isolation.niceness
    wanted = Atomic(isolation.niceness)
    self.urgent = urgent
    slice = isolation.sliceNanoseconds
    let governor = RankGovernor(usual: isolation.niceness, urgent: urgent, mayIdle: mayIdle)
    guard (try? Thread.start(name: "headrace-ranks", { self.serve(governor) })) != nil else { return nil }
  }

  /// Which loader it is, and who is told of changes.
  func watch(_ ring: Ring, tell: @escaping @Sendable (TuningNote) -> Void) {
    subject.withLock { $0 = Subject(ring: ring, tell: tell) }
    wake.signal()
  }

  /// The trainer waits. Comes after each piece of work while it does.
  func noticeWait() {
    guard !hasNoticed.load(ordering: .relaxed), !hasNoticed.exchange(true, ordering: .relaxed) else { return }
    wake.signal()
  }

  // MARK: Lanes

  var niceness: Int {
    if isResting.load(ordering: .relaxed), isResting.exchange(false, ordering: .relaxed) { wake.signal() }
    return wanted.load(ordering: .relaxed)
  }

  func lower(from niceness: Int, to next: Int) {
    if next == ThreadRank.idle {
      try? ThreadRank.setPolicy(.idle)
      // It may have come too late to be among those that are taken out of it.
      if wanted.load(ordering: .sequentiallyConsistent) != next { try? ThreadRank.setPolicy(.normal) }
    } else {
      try? ThreadRank.addNiceness(next - niceness)
    }
    // After the policy, whose change forgets it.
    takeTurns(at: next)
  }

  /// Where the loader ranks highest it takes turns like any program: with long ones it would be the last also then.
  private func takeTurns(at niceness: Int) {
    if let slice, niceness > urgent { try? ThreadRank.setSlice(nanoseconds: slice) }
  }

  func start(name: String, niceness: Int, _ body: @escaping @Sendable () -> Void) throws(Errno) {
    let order = Order { [self] in
      do throws(Errno) {
        try Thread.start(name: name, niceness: niceness) { [self] in
          takeTurns(at: niceness)
          body()
        }
        return nil
      } catch {
        return error
      }
    }
    orders.withLock { $0.append(order) }
    wake.signal()
    order.isDone.wait()
    if let refusal = order.refusal.withLock({ $0 }) { throw refusal }
  }

  // MARK: Its thread

  private func serve(_ governor: RankGovernor) {
    var governor = governor
    /// At the beginning of the lap; nil: nothing is looked at.
    var counters: RankCounters?
    while true {
      if let counters {
        let rest = MonotonicClock.nanoseconds(until: counters.time + Self.lap)
        _ = wake.wait(timeout: .now() + .nanoseconds(Int(rest)))
      } else {
        wake.wait()
      }
      startOrdered()
      guard let subject = subject.withLock({ $0 }) else { continue }
      guard let last = counters else {
        if hasNoticed.load(ordering: .relaxed) || !governor.isAtRest, !isResting.load(ordering: .relaxed) {
          counters = RankCounters(subject.ring)
        }
        continue
      }
      guard MonotonicClock.now >= last.time + Self.lap else { continue }
      let now = RankCounters(subject.ring)
      endLap(now.lap(since: last), &governor, subject)
      let isIdle = !hasNoticed.exchange(false, ordering: .relaxed)
      counters = isIdle && (governor.isAtRest || rests(subject.ring)) ? nil : now
    }
  }

  /// Whether lanes that are in SCHED_IDLE have nothing to do.
  private func rests(_ ring: Ring) -> Bool {
    guard niceness == ThreadRank.idle, InFlightTable(ring).entries.isEmpty else { return false }
    isResting.store(true, ordering: .relaxed)
    return true
  }

  private func startOrdered() {
    let orders = orders.withLock { orders in
      defer { orders = [] }
      return orders
    }
    for order in orders {
      order.refusal.withLock { $0 = order.start() }
      order.isDone.signal()
    }
  }

  private func endLap(_ lap: RankLap, _ governor: inout RankGovernor, _ subject: Subject) {
    guard var note = governor.observe(lap) else { return }
    wanted.store(governor.niceness, ordering: .sequentiallyConsistent)
    // Now, and not when they have ended what they are at: with others beside it a sample may take 300 times as long.
    if note.from == ThreadRank.idle { ThreadRank.endIdle() }
    note.seconds = Double(MonotonicClock.now - begun) / 1e9
    subject.tell(note)
  }
}
