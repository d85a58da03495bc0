import Headrace

/// A process of the loader that has ended without being told to, as JSON tells of it.
struct RunExit: Encodable {
  let role: String
  let processId: Int
  let status: String
  let reason: String?
  let seconds: Double
  let peakRssBytes: Int
  let work: [String]
  let log: [String]
  /// For people.
  let line: String

  private enum CodingKeys: String, CodingKey { case role, processId, status, reason, seconds, peakRssBytes, work, log }

  init(_ exit: WorkerExit) {
    role = exit.role
    processId = exit.processID
    status = exit.status
    reason = exit.reason
    seconds = exit.seconds
    peakRssBytes = exit.peakResidentByteCount
    work = exit.work
    log = exit.log
    line = "\(exit)"
  }
}
