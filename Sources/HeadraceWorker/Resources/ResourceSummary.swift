/// What processes used and held at most over all samples of a monitor, also those that it no longer keeps.
///
/// A program that writes it as JSON should use the names that stand beside the properties.
public struct ResourceSummary: Sendable, Hashable {
  /// Samples taken. JSON: `sample_count`.
  public var sampleCount = 0
  /// Seconds from the first sample to the last. JSON: `seconds`.
  public var seconds = 0.0
  /// CPU time in seconds from the first sample to the last. JSON: `cpu_seconds`.
  public var cpuSeconds = 0.0
  /// CPU time over elapsed time, in percent; nil before the second sample. JSON: `cpu_percent_mean`.
  public var meanCPUPercent: Double?
  /// The largest `cpuPercent` of a sample, at least the mean; nil before the second sample. JSON: `cpu_percent_peak`.
  public var peakCPUPercent: Double?
  /// The largest resident set at the time of a sample, in bytes. What grew and shrank in between does not show.
  /// JSON: `peak_rss_bytes`.
  public var peakResidentByteCount = 0
  /// The largest proportional set size, in bytes; nil if it was never read. JSON: `peak_pss_bytes`.
  public var peakPSSByteCount: Int?
  /// The largest number of bytes that no other process had mapped; nil if it was never read. JSON:
  /// `peak_private_bytes`.
  public var peakPrivateByteCount: Int?
  /// Bytes read from storage between the first and the last sample; nil if the kernel does not tell.
  /// JSON: `disk_read_bytes`.
  public var diskReadByteCount: Int?
  /// Bytes written to storage; nil if the kernel does not tell. JSON: `disk_write_bytes`.
  public var diskWrittenByteCount: Int?
  /// Bytes that came in through the network, whoever they were for; nil if they were never read.
  /// JSON: `network_receive_bytes`.
  public var networkReceivedByteCount: Int?
  /// Bytes that went out; nil if they were never read. JSON: `network_send_bytes`.
  public var networkSentByteCount: Int?

  /// The summary of no sample.
  public init() {}
}
