import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// Looks after the processes of a pool, within the supervisor: starts them, tells the engine of their deaths, ends
/// those whose call is overdue, and starts others in their place.
final class PoolKeeper: Attendant {
  private struct Seat {
    var process: StartedProcess?
    /// Whether the process has been killed here, for a call that was overdue.
    var isEndedOnPurpose = false
    var schedule: RestartSchedule
    /// Since the system refuses to fork it.
    var refusals: RestartSchedule?
    /// When the next process is to be started; nil: there is one.
    var due: UInt64?
  }

  private let ring: Ring
  private let exits: ExitRecorder
  private let log: LogDesk
  private let memory: PoolMemory
  private let stages: [StageDescription]
  private let isolation: Isolation
  /// What a process does, given its number in the pool and the supervisor's end to wait for; its result is the exit
  /// status.
  private let body: (_ number: Int, _ lifeline: Int32) -> Int32
  private var seats: [Seat]
  private let restartLimit: Int
  /// There is to be no other process in the place of one.
  private var hasGivenUp = false

  init(
    ring: Ring, exits: ExitRecorder, log: LogDesk, memory: PoolMemory, stages: [StageDescription], isolation: Isolation,
    restartLimit: Int,
    body: @escaping (_ number: Int, _ lifeline: Int32) -> Int32
  ) {
    self.ring = ring
    self.exits = exits
    self.log = log
    self.memory = memory
    self.stages = stages
    self.isolation = isolation
    self.body = body
    self.restartLimit = restartLimit
    seats = (0..<memory.processCount).map { _ in Seat(schedule: RestartSchedule(limit: restartLimit)) }
  }

  var descriptors: [Int32] {
    [memory.endWanted.descriptor.number] + seats.compactMap { $0.process?.descriptor }
  }

  var due: UInt64? { hasGivenUp ? 0 : seats.compactMap(\.due).min() }

  func willStartWorker() {
    for number in seats.indices { start(number) }
  }

  /// All end: what they write is for batches of the engine that has gone, whose slots will be another's.
  func workerHasEnded() {
    for seat in seats { seat.process?.kill() }
    for number in seats.indices {
      seats[number].process = nil
      seats[number].due = nil
      seats[number].refusals = nil
    }
    memory.endWanted.drain()
    memory.clear()
  }

  func attend(_ ready: Set<Int32>) -> Bool {
    if hasGivenUp { return false }
    if ready.contains(memory.endWanted.descriptor.number) {
      memory.endWanted.drain()
      endWanted()
    }
    for number in seats.indices {
      if let process = seats[number].process, ready.contains(process.descriptor) { settle(number, process) }
      if let due = seats[number].due, due <= MonotonicClock.now { start(number) }
    }
    return !hasGivenUp
  }

  /// Ends the processes that are at a call which is overdue. That they have ended shows like any death.
  private func endWanted() {
    for number in seats.indices where memory.isEndWanted(of: number) {
      guard let process = seats[number].process else { continue }
      seats[number].isEndedOnPurpose = true
      process.kill()
    }
  }

  /// A process has ended.
  private func settle(_ number: Int, _ process: StartedProcess) {
    let status = process.exitStatus() ?? .unknown
    let isOnPurpose = seats[number].isEndedOnPurpose
    if isOnPurpose { exits.expect(process.processID, "a call was beyond the time limit of its stage") }
    exits.record(
      "pool \(number)", process.processID, status, peakResidentByteCount: process.peakResidentByteCount,
      work: work(of: number))
    seats[number].process = nil
    memory.end(number, PoolMemory.End(status: status, isOnPurpose: isOnPurpose))
    guard case .restart(let pause) = seats[number].schedule.died(publishedCount: memory.settledCount) else {
      return giveUp(Int(process.processID), status)
    }
    // One that is not replaced counts as the worker's.
    ring.notePoolDeath()
    if pause == 0 { start(number) } else { seats[number].due = MonotonicClock.now + pause }
  }

  /// What a process was at, as the engine knows it, which waits for the answers.
  private func work(of number: Int) -> [InFlightTable.Entry] {
    let requests = memory.requests(of: number, byteCount: CallRequest.byteCount).compactMap { bytes in
      try? CallRequest(bytes.span)
    }
    guard !requests.isEmpty else { return [] }
    return InFlightTable(ring).entries.filter { entry in
      requests.contains { request in
        request.position == entry.position && stages.indices.contains(request.stage)
          && stages[request.stage].name.hasPrefix(entry.stageName)
      }
    }
  }

  /// There is nothing to go on with.
  private func giveUp(_ processID: Int, _ status: ExitStatus) {
    ring.workerDeath = WorkerDeath(
      count: (ring.workerDeath?.count ?? 0) + 1, processID: processID, status: status)
    hasGivenUp = true
  }

  private func start(_ number: Int) {
    seats[number].due = nil
    seats[number].isEndedOnPurpose = false
    do throws(Errno) {
      let pipe = log.makePipe()
      let process = StartedProcess(
        try ChildProcess(name: "headrace-pool") { supervisor in
          if let pipe { PipedLog.begin(pipe) }
          log.letGoInChild()
          ring.forgetFile()
          isolation.apply()
          return body(number, supervisor.descriptor.number)
        })
      log.listen(pipe, role: "pool \(number)", process.processID)
      seats[number].process = process
      seats[number].refusals = nil
      memory.note(isThere: true, number)
    } catch {
      wasRefused(number, error)
    }
  }

  /// The system may permit it soon. Until then others have the calls; where there is none that ends some time.
  private func wasRefused(_ number: Int, _ error: Errno) {
    // Each time: who has looked a moment before may have put a request there.
    memory.refuse(number)
    let isFirst = seats[number].refusals == nil
    var schedule = seats[number].refusals ?? .refusedForks
    let decision = schedule.died(publishedCount: 0)
    seats[number].refusals = schedule
    let isLast = decision == .giveUp && seats.allSatisfy { $0.process == nil }
    if isFirst || isLast { exits.recordRefusal("pool \(number)", error) }
    if isLast { return giveUp(0, .unknown) }
    let pause = if case .restart(let pause) = decision { pause } else { RestartSchedule.longestPause }
    seats[number].due = MonotonicClock.now + pause
  }
}
