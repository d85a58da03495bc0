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
    defer { memory.settled() }
    var deaths = 0
    while true {
      let (desk, ticket) = waitForDesk(alone: deaths > 0)
      defer { giveBack(desk, ticket) }
      let begun = MonotonicClock.now
      guard memory.request(request, at: desk) else {
        throw .notDelivered("there is no memory for its \(request.count) bytes")
      }
      switch wait(for: desk, limit: limit ?? callLimit, since: begun) {
      case .answered:
        guard let answer = memory.takeAnswer(at: desk) else { throw .notDelivered("the answer could not be read") }
        return answer
      default:
        let end = memory.takeEnd(at: desk)
        if end.wantedBy == desk { throw .overdue(nanoseconds: MonotonicClock.now - begun) }
        // Ended for another's sake: to be called again as if nothing had been.
        if end.wantedBy != nil { continue }
        deaths += 1
        if deaths == Self.mostDeaths { throw .died(times: deaths, how: "\(end.status)") }
      }
    }
  }

  /// Waits until the call has ended, and has the process ended when its time is over.
  private func wait(for desk: Int, limit: UInt64?, since begun: UInt64) -> PoolMemory.DeskState {
    if let limit {
      let (deadline, overflow) = begun.addingReportingOverflow(limit)
      if let state = memory.waitForEnd(of: desk, until: overflow ? nil : deadline) { return state }
      memory.wantEnd(for: desk)
    }
    return memory.waitForEnd(of: desk, until: nil) ?? .ended
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
    for (ticket, desk) in state.allotment.allot() {
      let waiter = state.waiting.removeValue(forKey: ticket)
      waiter?.desk.store(desk, ordering: .releasing)
      waiter?.signal.signal()
    }
  }

  /// CPU time and peak memory of the pool's processes.
  var usage: (cpuNanoseconds: UInt64, peakResidentByteCount: UInt64) { memory.usage }
}
