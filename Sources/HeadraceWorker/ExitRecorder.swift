import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Notes how the processes of a loader have ended, and why, in the ring: within the supervisor.
final class ExitRecorder {
  private let ring: Ring
  private let log: LogDesk
  private let begun = MonotonicClock.now
  /// Why processes were ended by the supervisor itself, by their numbers.
  private var reasons: [Int32: String] = [:]
  private var killCount = OutOfMemoryKills.count

  init(_ ring: Ring, _ log: LogDesk) {
    self.ring = ring
    self.log = log
  }

  /// The process is about to be ended, for this reason.
  func expect(_ processID: Int32, _ reason: String) { reasons[processID] = reason }

  /// A process has ended that was not told to.
  func record(
    _ role: String, _ processID: Int32, _ status: ExitStatus, peakResidentByteCount: Int, work: [InFlightTable.Entry]
  ) {
    ring.note(
      WorkerExit(
        role: role, processID: Int(processID), status: "\(status)",
        reason: reasons.removeValue(forKey: processID) ?? reason(status),
        seconds: Double(MonotonicClock.now - begun) / 1e9, peakResidentByteCount: peakResidentByteCount,
        work: work.map { "stage \"\($0.stageName)\" at \($0.key ?? "sample \($0.position)")" },
        log: log.takeLastLines(of: processID)))
  }

  /// The system has refused to fork a process.
  func recordRefusal(_ role: String, _ error: Errno) {
    ring.note(
      WorkerExit(
        role: role, processID: 0, status: "could not be forked", reason: "\(error); raise \(SupervisedWorker.limits)",
        seconds: Double(MonotonicClock.now - begun) / 1e9, peakResidentByteCount: 0, work: []))
  }

  /// Told where the kernel's out-of-memory killer has been at work.
  static let memoryReason = "the kernel has ended a process for lack of memory at about that time"

  /// Whether it was the kernel's out-of-memory killer: it has ended a process since the last look, and this one died of
  /// what it sends.
  private func reason(_ status: ExitStatus) -> String? {
    let now = OutOfMemoryKills.count
    defer { killCount = now }
    guard status == .signaled(9), let now, let before = killCount, now > before else { return nil }
    return Self.memoryReason
  }
}
