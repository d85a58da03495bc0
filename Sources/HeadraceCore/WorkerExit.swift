/// How a process of a loader has ended that was not told to.
public struct WorkerExit: Sendable, Hashable, CustomStringConvertible {
  /// What it was there for: "worker", or "pool 3" for a process that called closures, counted from 0.
  public var role: String
  /// Its number, which may be another process's by now; 0 where there was none, since the system refused it.
  public var processID: Int
  /// In words, such as "was killed by signal 9 (SIGKILL)".
  public var status: String
  /// Why, as far as it is known beyond that, such as "memoryLimit: ..."; nil if it is not.
  public var reason: String?
  /// When, in seconds since the loader began.
  public var seconds: Double
  /// The largest resident set that it had, in bytes, slots of the ring included.
  public var peakResidentByteCount: Int
  /// What was at work, such as "stage \"decode\" at a/b.png".
  public var work: [String]
  /// The last lines that it has said, at most 10, the oldest first: of its log and of its standard error. Empty where
  /// the loader was started with `log: .inherited`.
  public var log: [String]

  /// An end to be told: what the supervisor of a loader makes.
  public init(
    role: String, processID: Int, status: String, reason: String?, seconds: Double, peakResidentByteCount: Int,
    work: [String], log: [String] = []
  ) {
    self.role = role
    self.processID = processID
    self.status = status
    self.reason = reason
    self.seconds = seconds
    self.peakResidentByteCount = peakResidentByteCount
    self.work = work
    self.log = log
  }

  /// One line.
  public var description: String {
    var text =
      role + (processID > 0 ? " (process \(processID))" : "") + " \(status) after \(HumanUnits.seconds(seconds))"
    if let reason { text += ": \(reason)" }
    if !work.isEmpty { text += "; at work: \(work.joined(separator: ", "))" }
    if peakResidentByteCount > 0 { text += "; peak memory \(HumanUnits.bytes(peakResidentByteCount))" }
    if let last = log.last { text += "; it said last: \(last)" }
    return text
  }
}

extension WorkerExit: Storable {
  /// Appends all that it says.
  public func store(into bytes: inout [UInt8]) throws {
    try StoredParts.append(role, to: &bytes)
    try StoredParts.append(processID, to: &bytes)
    try StoredParts.append(status, to: &bytes)
    // What may be missing is an array of one or none.
    try StoredParts.append([reason].compactMap(\.self), to: &bytes)
    try StoredParts.append(seconds, to: &bytes)
    try StoredParts.append(peakResidentByteCount, to: &bytes)
    try StoredParts.append(work, to: &bytes)
    try StoredParts.append(log, to: &bytes)
  }

  /// Makes it again.
  ///
  /// - Throws: `malformedCache` for bytes that `store(into:)` cannot have written.
  public init(storedBytes: Span<UInt8>) throws {
    var parts = StoredParts(storedBytes)
    role = try parts.next()
    processID = try parts.next()
    status = try parts.next()
    reason = try parts.next([String].self).first
    // What another process has written may be anything.
    let time: Double = try parts.next()
    seconds = time.isFinite ? time : 0
    peakResidentByteCount = try parts.next()
    work = try parts.next()
    log = try parts.next()
  }
}
