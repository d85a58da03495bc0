import HeadraceSystem

/// Makes samples of readings, and keeps the newest: a pure value, tested without a process.
struct ResourceHistory: Sendable {
  /// A number of a process that is used again belongs to another process.
  private struct Identity: Hashable {
    let processID: Int32
    let startNanoseconds: UInt64

    init(_ process: ProcessResources) {
      processID = process.processID
      startNanoseconds = process.startNanoseconds
    }
  }

  private let sampleLimit: Int
  /// Circular once it is full.
  private var kept: [ResourceSample] = []
  private var oldest = 0
  private var firstNanoseconds: UInt64?
  private var lastNanoseconds: UInt64 = 0
  private var lastProcesses: [Identity: ProcessResources] = [:]
  private var lastNetwork: NetworkCounters?
  private var total = ResourceUse()
  private var largestCPUPercent = 0.0
  private(set) var summary = ResourceSummary()

  /// A rate over less says more about the moments at which the counters were read than about the process.
  static let leastNanoseconds: UInt64 = 10_000_000

  init(sampleLimit: Int) {
    precondition(sampleLimit >= 1, "a history of \(sampleLimit) samples; sampleLimit must be at least 1")
    self.sampleLimit = sampleLimit
  }

  /// The newest samples, the oldest of them first.
  ///
  /// - Complexity: O(samples).
  var samples: [ResourceSample] { Array(kept[oldest...] + kept[..<oldest]) }

  /// What was used since the reading before, and is held now.
  mutating func record(_ reading: ResourceReading) -> ResourceSample {
    let use = use(until: reading)
    let elapsed = max(reading.nanoseconds, lastNanoseconds) - lastNanoseconds
    var sample = Self.holdings(of: reading.processes)
    if firstNanoseconds != nil, elapsed >= Self.leastNanoseconds {
      let seconds = Double(elapsed) / 1e9
      let rate = { (count: Int?) in count.map { Double($0) / seconds } }
      sample.cpuPercent = Double(use.cpuNanoseconds) / Double(elapsed) * 100
      sample.diskReadBytesPerSecond = rate(use.diskReadByteCount)
      sample.diskWrittenBytesPerSecond = rate(use.diskWrittenByteCount)
      sample.networkReceivedBytesPerSecond = rate(use.networkReceivedByteCount)
      sample.networkSentBytesPerSecond = rate(use.networkSentByteCount)
      sample.majorFaultsPerSecond = rate(use.majorFaultCount)
    }
    let first = firstNanoseconds ?? reading.nanoseconds
    sample.seconds = Double(max(reading.nanoseconds, first) - first) / 1e9

    total += use
    firstNanoseconds = first
    lastNanoseconds = max(reading.nanoseconds, lastNanoseconds)
    lastProcesses = Dictionary(reading.processes.map { (Identity($0), $0) }) { first, _ in first }
    lastNetwork = reading.network
    keep(sample)
    sumUp(sample)
    return sample
  }

  /// A process that has begun since the last reading counts from its start, all others from the first time they are
  /// seen: one that could not be read for a while would otherwise seem to have used all at once.
  private func use(until reading: ResourceReading) -> ResourceUse {
    var use = ResourceUse()
    for process in reading.processes {
      var earlier = lastProcesses[Identity(process)] ?? process
      // The start is rounded down to a tick.
      let roundedLast = lastNanoseconds - min(lastNanoseconds, BootClock.tickNanoseconds)
      let hasBegunSince = firstNanoseconds != nil && process.startNanoseconds >= roundedLast
      if hasBegunSince, lastProcesses[Identity(process)] == nil {
        earlier = ProcessResources(processID: process.processID, startNanoseconds: process.startNanoseconds)
        earlier.diskReadByteCount = 0
        earlier.diskWrittenByteCount = 0
      }
      use += ResourceUse(of: process, since: earlier)
    }
    if let network = reading.network { use += ResourceUse(of: network, since: lastNetwork ?? network) }
    return use
  }

  private static func holdings(of processes: [ProcessResources]) -> ResourceSample {
    var sample = ResourceSample()
    for process in processes where !process.hasEnded {
      sample.processCount += 1
      sample.threadCount += process.threadCount
      sample.residentByteCount += process.residentByteCount
      sample.pssByteCount = ResourceUse.sum(sample.pssByteCount, process.pssByteCount)
      sample.privateByteCount = ResourceUse.sum(sample.privateByteCount, process.privateByteCount)
      sample.descriptorCount = ResourceUse.sum(sample.descriptorCount, process.descriptorCount)
    }
    return sample
  }

  private mutating func keep(_ sample: ResourceSample) {
    guard kept.count == sampleLimit else {
      kept.append(sample)
      return
    }
    kept[oldest] = sample
    oldest = (oldest + 1) % sampleLimit
  }

  private mutating func sumUp(_ sample: ResourceSample) {
    summary.sampleCount += 1
    summary.seconds = sample.seconds
    summary.cpuSeconds = Double(total.cpuNanoseconds) / 1e9
    if sample.seconds > 0 { summary.meanCPUPercent = summary.cpuSeconds / sample.seconds * 100 }
    largestCPUPercent = max(largestCPUPercent, sample.cpuPercent ?? 0)
    // Samples may all be too close to one another for a figure of their own.
    summary.peakCPUPercent = summary.meanCPUPercent.map { max($0, largestCPUPercent) }
    summary.peakResidentByteCount = max(summary.peakResidentByteCount, sample.residentByteCount)
    summary.peakPSSByteCount = [summary.peakPSSByteCount, sample.pssByteCount].compactMap(\.self).max()
    summary.peakPrivateByteCount = [summary.peakPrivateByteCount, sample.privateByteCount].compactMap(\.self).max()
    summary.diskReadByteCount = total.diskReadByteCount
    summary.diskWrittenByteCount = total.diskWrittenByteCount
    summary.networkReceivedByteCount = total.networkReceivedByteCount
    summary.networkSentByteCount = total.networkSentByteCount
  }
}
