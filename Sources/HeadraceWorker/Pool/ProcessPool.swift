import Dispatch
import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import Synchronization

/// The engine's side of a pool: hands calls to processes, and waits for what they come to.
///
/// Nothing is assigned beforehand: a thread of the engine that has a sample takes a free desk, and the thread of the
/// pool that sits there calls the closure. So a process that is slow or dead holds up what it has, and nothing else.
final class ProcessPool: CallTransport {
  private struct State {
    var allotment: DeskAllotment
    var waiting: [DeskAllotment.Ticket: Waiter] = [:]
  }

  private final class Waiter: Sendable {
    let signal = DispatchSemaphore(value: 0)
    let desk = Atomic<Int>(-1)
  }

  private let memory: PoolMemory
  /// What a call may take whose stage has no time limit, in nanoseconds; nil: for ever.
  private let callLimit: UInt64?
  private let state: Mutex<State>

  /// Processes that may end while they make a call, before it is given up. The first may have ended for another call's
  /// sake, or somebody may have killed it; the two after it had nothing else to do.
  private static let mostDeaths = 3

  init(_ memory: PoolMemory, callLimit: UInt64?) {
    self.memory = memory
    self.callLimit = callLimit
    state = Mutex(
      State(allotment: DeskAllotment(processes: memory.processCount, threads: memory.threadCount)))
  }

  func call(_ request: [UInt8], limit: UInt64?) throws(CallFailure) -> [UInt8] {
    var deaths = 0
    while true {
      let (desk, ticket) = waitForDesk(alone: deaths > 0)
      defer { giveBack(desk, ticket) }
      guard let number = memory.request(request, at: desk) else {
        throw .notDelivered("there is no memory for its \(request.count) bytes")
      }
      let (state, overdueSince) = wait(for: desk, number, limit: limit ?? callLimit)
      if state == .answered {
        memory.settled()
        guard let answer = memory.takeAnswer(at: desk) else { throw .notDelivered("the answer could not be read") }
        return answer
      }
      let end = memory.takeEnd(at: desk)
      if let overdueSince {
        memory.settled()
        throw .overdue(nanoseconds: MonotonicClock.now - overdueSince)
      }
      // Ended for another's sake: to be called again as if nothing had been.
      if end.isOnPurpose { continue }
      deaths += 1
      if deaths == Self.mostDeaths {
        memory.settled()
        throw .died(times: deaths, how: "\(end.status)")
      }
    }
  }

  /// Waits until the call has ended, and has the process ended when its time is over, which begins when the process
  /// does. Returns since when it was at work, if it was overdue.
  private func wait(
    for desk: Int, _ number: UInt32, limit: UInt64?
  ) -> (state: PoolMemory.DeskState, overdueSince: UInt64?) {
    guard let limit else { return (memory.waitForEnd(of: desk, until: nil) ?? .ended, nil) }
    while true {
      let begun = memory.begun(at: desk)
      let (deadline, overflow) = (begun ?? MonotonicClock.now).addingReportingOverflow(limit)
      if let state = memory.waitForEnd(of: desk, until: overflow ? nil : deadline) { return (state, nil) }
      guard let begun else { continue }
      memory.wantEnd(for: desk, number)
      return (memory.waitForEnd(of: desk, until: nil) ?? .ended, begun)
    }
  }

  private func waitForDesk(alone: Bool) -> (desk: Int, ticket: DeskAllotment.Ticket) {
    let waiter = Waiter()
    let ticket = state.withLock { state in
      let ticket = state.allotment.enter(alone: alone)
      state.waiting[ticket] = waiter
      allot(&state)
      return ticket
    }
    waiter.signal.wait()
    return (waiter.desk.load(ordering: .acquiring), ticket)
  }

  private func giveBack(_ desk: Int, _ ticket: DeskAllotment.Ticket) {
    state.withLock { state in
      state.allotment.giveBack(desk, ticket)
      allot(&state)
    }
  }

  private func allot(_ state: inout State) {
    for (ticket, desk) in state.allotment.allot(
      limit: memory.callLimit, isThere: memory.isThere, isRefused: memory.isRefused)
    {
      let waiter = state.waiting.removeValue(forKey: ticket)
      waiter?.desk.store(desk, ordering: .releasing)
      waiter?.signal.signal()
    }
  }

  /// CPU time and peak memory of the pool's processes.
  var usage: (cpuNanoseconds: UInt64, peakResidentByteCount: UInt64) { memory.usage }
}
