/// What processes used in the time since the sample before, and hold now: sums over all of them.
///
/// Of a process that ended in between, what it used after the sample before is missing, unless it is still waiting to
/// be reaped. Where some processes may not be read, sums are over the others.
///
/// A program that writes samples as JSON should use the names that stand beside the properties.
public struct ResourceSample: Sendable, Hashable {
  /// Seconds since the monitor's first sample. JSON: `seconds`.
  public var seconds = 0.0
  /// CPU time over elapsed time, in percent: 200 means that two processors were busy. JSON: `cpu_percent`.
  ///
  /// This and all that is told per second is nil for the first sample, and where less than 10 ms have passed since the
  /// sample before.
  public var cpuPercent: Double?
  /// Resident sets in bytes. What several processes share counts for each of them. JSON: `rss_bytes`.
  public var residentByteCount = 0
  /// Proportional set sizes in bytes: shared pages count once, a part for each process that has them mapped, so that a
  /// ring counts half for the worker and half for the trainer. Nil where it was not read. JSON: `pss_bytes`.
  public var pssByteCount: Int?
  /// Bytes that no other process has mapped. Nil where they were not read. JSON: `private_bytes`.
  public var privateByteCount: Int?
  /// Bytes per second read from storage; what the page cache had is not in it. Nil also where the kernel does not tell.
  /// JSON: `disk_read_bytes_per_second`.
  public var diskReadBytesPerSecond: Double?
  /// Bytes per second written to storage. Nil also where the kernel does not tell. JSON: `disk_write_bytes_per_second`.
  public var diskWrittenBytesPerSecond: Double?
  /// Bytes per second that came in through the network interfaces of the machine or container, whoever they were for.
  /// Loopback is left out. JSON: `network_receive_bytes_per_second`.
  public var networkReceivedBytesPerSecond: Double?
  /// Bytes per second that went out, whoever they came from. JSON: `network_send_bytes_per_second`.
  public var networkSentBytesPerSecond: Double?
  /// Page faults per second for which something was read from storage. JSON: `major_faults_per_second`.
  public var majorFaultsPerSecond: Double?
  /// Processes that run. JSON: `process_count`.
  public var processCount = 0
  /// Their threads. JSON: `thread_count`.
  public var threadCount = 0
  /// Their open descriptors; nil where they may not be read. JSON: `descriptor_count`.
  public var descriptorCount: Int?

  /// A sample of no process.
  public init() {}
}
