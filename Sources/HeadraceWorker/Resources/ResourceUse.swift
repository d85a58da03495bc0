import HeadraceSystem

/// What was used up between two readings. Counters that go backward, such as those of a network whose interface has
/// been removed, count as if they stood still.
struct ResourceUse: Sendable, Hashable {
  var cpuNanoseconds: UInt64 = 0
  var majorFaultCount = 0
  /// Nil as long as no process shows it.
  var diskReadByteCount: Int?
  var diskWrittenByteCount: Int?
  /// Nil as long as the network has not been read.
  var networkReceivedByteCount: Int?
  var networkSentByteCount: Int?

  init() {}

  /// What `process` has used since `earlier`, a reading of the same process.
  init(of process: ProcessResources, since earlier: ProcessResources) {
    cpuNanoseconds = max(process.cpuNanoseconds, earlier.cpuNanoseconds) - earlier.cpuNanoseconds
    majorFaultCount = max(0, process.majorFaultCount - earlier.majorFaultCount)
    diskReadByteCount = Self.growth(process.diskReadByteCount, since: earlier.diskReadByteCount)
    diskWrittenByteCount = Self.growth(process.diskWrittenByteCount, since: earlier.diskWrittenByteCount)
  }

  /// What passed the network since `earlier`.
  init(of network: NetworkCounters, since earlier: NetworkCounters) {
    networkReceivedByteCount = max(0, network.receivedByteCount - earlier.receivedByteCount)
    networkSentByteCount = max(0, network.sentByteCount - earlier.sentByteCount)
  }

  static func += (use: inout ResourceUse, further: ResourceUse) {
    use.cpuNanoseconds += further.cpuNanoseconds
    use.majorFaultCount += further.majorFaultCount
    use.diskReadByteCount = sum(use.diskReadByteCount, further.diskReadByteCount)
    use.diskWrittenByteCount = sum(use.diskWrittenByteCount, further.diskWrittenByteCount)
    use.networkReceivedByteCount = sum(use.networkReceivedByteCount, further.networkReceivedByteCount)
    use.networkSentByteCount = sum(use.networkSentByteCount, further.networkSentByteCount)
  }

  /// A counter that could not be read before counts from now on.
  private static func growth(_ now: Int?, since earlier: Int?) -> Int? {
    now.map { max(0, $0 - (earlier ?? $0)) }
  }

  /// The sum of what is known; nil when nothing is.
  static func sum(_ first: Int?, _ second: Int?) -> Int? {
    first == nil && second == nil ? nil : (first ?? 0) + (second ?? 0)
  }
}
