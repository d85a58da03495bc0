import Headrace

/// What `headrace top` tells of one loader. Its properties are the keys of the JSON object, in camelCase; docs/cli.md
/// lists them.
struct TopReport: Encodable {
  struct Reader: Encodable {
    let place: Int
    /// Nil: the place is free.
    let processId: Int?
    let isActive: Bool
    let batches: Int
    /// Nil at the first look.
    let batchesPerSecond: Double?
    let waitShare: Double?
    let batchesHeld: Int
  }

  let processId: Int
  let workerProcessId: Int?
  let phase: String
  /// Since when the rates and shares are, in seconds; nil: since the loader's start.
  let intervalSeconds: Double?
  let slots: Int
  let slotsUsed: Int
  let workerCpuSeconds: Double
  /// Processors that the loader had in the interval; nil at the first look.
  let workerProcessors: Double?
  let workerPeakRssBytes: Int
  let restarts: Int
  let failureCount: Int
  let readers: [Reader]
  let stages: [RunReport.Stage]
  let bottleneck: String?
  let atWork: [String]
  let lastExit: RunExit?
  let lastLine: String?
  /// For people.
  private let statistics: [StageStatistics]

  private enum CodingKeys: String, CodingKey {
    case processId, workerProcessId, phase, intervalSeconds, slots, slotsUsed, workerCpuSeconds, workerProcessors
    case workerPeakRssBytes, restarts, failureCount, readers, stages, bottleneck, atWork, lastExit, lastLine
  }

  init(_ look: TopLook, since earlier: TopLook?) {
    let seconds = earlier.map { Double(look.time - $0.time) / 1e9 }
    processId = look.processID
    workerProcessId = look.workerProcessID
    phase = look.phase
    intervalSeconds = seconds
    slots = look.slots
    slotsUsed = look.slotsUsed
    workerCpuSeconds = look.usage.cpuSeconds
    workerProcessors = earlier.map { ($0.usage.cpuSeconds, seconds ?? 1) }.map {
      max(0, look.usage.cpuSeconds - $0) / $1
    }
    workerPeakRssBytes = look.usage.peakResidentByteCount
    restarts = look.deaths
    failureCount = look.failures
    readers = look.readers.map { reader in
      let before = earlier?.readers.first { $0.place == reader.place }
      return Reader(
        place: reader.place, processId: reader.processID, isActive: reader.isActive, batches: reader.takenCount,
        batchesPerSecond: before.map { Double(max(0, reader.takenCount - $0.takenCount)) / (seconds ?? 1) },
        waitShare: before.map { min(1, max(0, reader.waitSeconds - $0.waitSeconds) / (seconds ?? 1)) },
        batchesHeld: reader.heldCount)
    }
    statistics = earlier.map { look.statistics.since($0.statistics) } ?? look.statistics
    stages = statistics.map(RunReport.Stage.init)
    bottleneck = statistics.isEmpty ? nil : "\(BottleneckVerdict(of: statistics))"
    atWork = look.atWork.map { "stage \"\($0.stage)\" at \($0.sample?.key ?? "sample \($0.position)")" }
    lastExit = look.lastExit.map(RunExit.init)
    lastLine = look.lastLine.map { "\($0)" }
  }

  /// For a person; the last line has a line feed.
  var text: String {
    var head = "loader \(processId)"
    if let workerProcessId { head += ", worker \(workerProcessId)" }
    head += ": \(phase), \(slotsUsed) of \(HumanUnits.count(slots, "slot")) in use"
    var lines = [head, resources]
    for reader in readers where reader.processId != nil || reader.batches > 0 { lines.append(Self.line(reader)) }
    if !atWork.isEmpty { lines.append("  at work: \(PrintableText.line(atWork.prefix(3).joined(separator: ", ")))") }
    if let lastExit { lines.append("  ended: \(PrintableText.line(lastExit.line))") }
    if let lastLine { lines.append("  said: \(PrintableText.line(lastLine))") }
    if !statistics.isEmpty { lines += ["", "\(StatisticsTable(statistics))"] }
    return lines.joined(separator: "\n") + "\n"
  }

  private var resources: String {
    var parts: [String] = []
    if let workerProcessors { parts.append("\(HumanUnits.decimal(workerProcessors, places: 2)) processors") }
    parts.append("\(HumanUnits.seconds(workerCpuSeconds)) of CPU in all")
    parts.append("peak memory \(HumanUnits.bytes(workerPeakRssBytes))")
    if restarts > 0 { parts.append(HumanUnits.count(restarts, "restart")) }
    if failureCount > 0 { parts.append("\(HumanUnits.count(failureCount, "sample")) left out") }
    return "  " + parts.joined(separator: ", ")
  }

  private static func line(_ reader: Reader) -> String {
    var line = "  reader \(reader.place)" + (reader.processId.map { " (process \($0))" } ?? "")
    line += ": \(HumanUnits.count(reader.batches, "batch", plural: "batches"))"
    if let rate = reader.batchesPerSecond { line += ", \(HumanUnits.decimal(rate, places: 1))/s" }
    if let share = reader.waitShare { line += ", waits \(HumanUnits.share(share))" }
    if reader.batchesHeld > 0 { line += ", holds \(reader.batchesHeld)" }
    return line
  }
}
