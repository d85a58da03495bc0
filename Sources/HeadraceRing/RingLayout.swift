/// Where everything lies in a ring's memory: the constants of docs/formats/ring.md, and nothing else.
///
/// ```
/// offset 0         header, one page: geometry, cursors, flags, worker
///        4096      order ring: one entry per slot
///        ...       stamps: one per slot, 128 bytes apart
///        ...       in-flight table: what each lane of the worker is doing
///        ...       statistics of the stages
///        ...       event log: the newest skipped samples
///        ...       slots, each: descriptor, tensor table, positions, payload
/// ```
///
/// All integers are little-endian. A test compares this file with the page in docs.
public enum RingLayout {
  /// "HEADRACE" in ASCII, read as a little-endian integer.
  public static let magic: UInt64 = 0x4543_4152_4441_4548
  /// Raised whenever a field moves or changes its meaning.
  public static let version: UInt32 = 1

  /// A named field at a fixed place.
  public struct Field: Hashable, Sendable {
    public let name: String
    public let offset: Int
    public let byteCount: Int
  }

  // Cursors and flags that different sides write are 128 bytes apart: two lines of 64, because the prefetcher fetches
  // lines in pairs.
  public static let header: [Field] = [
    Field(name: "magic", offset: magicOffset, byteCount: 8),
    Field(name: "version", offset: versionOffset, byteCount: 4),
    Field(name: "slot_count", offset: slotCountOffset, byteCount: 4),
    Field(name: "maximum_rows", offset: maximumRowsOffset, byteCount: 4),
    Field(name: "slot_stride", offset: slotStrideOffset, byteCount: 8),
    Field(name: "payload_capacity", offset: payloadCapacityOffset, byteCount: 8),
    Field(name: "published", offset: publishedOffset, byteCount: 8),
    Field(name: "released", offset: releasedOffset, byteCount: 8),
    Field(name: "consumer_waiting", offset: consumerWaitingOffset, byteCount: 4),
    Field(name: "producer_waiting", offset: producerWaitingOffset, byteCount: 4),
    Field(name: "requested_epoch", offset: requestedEpochOffset, byteCount: 8),
    Field(name: "stop_requested", offset: stopRequestedOffset, byteCount: 4),
    Field(name: "worker_phase", offset: workerPhaseOffset, byteCount: 4),
    Field(name: "worker_cpu_nanoseconds", offset: workerCPUOffset, byteCount: 8),
    Field(name: "worker_peak_resident_bytes", offset: workerPeakResidentOffset, byteCount: 8),
    Field(name: "worker_copied_bytes", offset: workerCopiedBytesOffset, byteCount: 8),
  ]

  static let magicOffset = 0
  static let versionOffset = 8
  static let slotCountOffset = 12
  static let maximumRowsOffset = 16
  static let slotStrideOffset = 24
  static let payloadCapacityOffset = 32
  static let publishedOffset = 128
  static let releasedOffset = 256
  static let consumerWaitingOffset = 384
  static let producerWaitingOffset = 512
  static let requestedEpochOffset = 640
  static let stopRequestedOffset = 648
  static let workerPhaseOffset = 768
  static let workerCPUOffset = 776
  static let workerPeakResidentOffset = 784
  static let workerCopiedBytesOffset = 792

  public static let headerByteCount = 4096
  public static let pageByteCount = 4096
  public static let orderEntryByteCount = 8
  public static let stampStride = 128

  /// In-flight table: one entry per lane; see `InFlightTable`.
  public static let inFlightEntryCount = 256
  public static let inFlightEntryByteCount = 128

  /// Statistics: a sequence lock, a count, then one entry per stage; see `StatisticsBlock`.
  public static let statisticsEntryCount = 62
  public static let statisticsEntryByteCount = 256
  public static let statisticsHeaderByteCount = 512

  /// Event log: a cursor, then entries; see `EventLog`.
  public static let eventEntryCount = 255
  public static let eventEntryByteCount = 512
  public static let eventHeaderByteCount = 512

  // The entries of the tables. An order entry is one word of 8 bytes and written as one: slot in its low 16 bits.
  public static let orderEntry: [Field] = [
    Field(name: "slot", offset: 0, byteCount: 2),
    Field(name: "position_plus_one", offset: 2, byteCount: 6),
  ]
  public static let stampEntry: [Field] = [
    Field(name: "stamp", offset: 0, byteCount: 8)
  ]
  public static let inFlightEntry: [Field] = [
    Field(name: "stage_plus_one", offset: 0, byteCount: 4),
    Field(name: "key_byte_count", offset: 4, byteCount: 4),
    Field(name: "position", offset: 8, byteCount: 8),
    Field(name: "stage_name", offset: 16, byteCount: 40),
    Field(name: "sample_key", offset: 56, byteCount: 72),
  ]
  public static let statisticsHeader: [Field] = [
    Field(name: "lock", offset: 0, byteCount: 8),
    Field(name: "stage_count", offset: 8, byteCount: 4),
  ]
  public static let statisticsEntry: [Field] = [
    Field(name: "name", offset: 0, byteCount: 64),
    Field(name: "concurrency", offset: 64, byteCount: 8),
    Field(name: "task_count", offset: 72, byteCount: 8),
    Field(name: "failure_count", offset: 80, byteCount: 8),
    Field(name: "filtered_count", offset: 88, byteCount: 8),
    Field(name: "elapsed_seconds", offset: 96, byteCount: 8),
    Field(name: "task_seconds", offset: 104, byteCount: 8),
    Field(name: "task_seconds_p50", offset: 112, byteCount: 8),
    Field(name: "task_seconds_p90", offset: 120, byteCount: 8),
    Field(name: "task_seconds_p99", offset: 128, byteCount: 8),
    Field(name: "busy", offset: 136, byteCount: 8),
    Field(name: "blocked", offset: 144, byteCount: 8),
    Field(name: "starved", offset: 152, byteCount: 8),
  ]
  public static let eventHeader: [Field] = [
    Field(name: "written_count", offset: 0, byteCount: 8)
  ]
  public static let eventEntry: [Field] = [
    Field(name: "number_plus_one", offset: 0, byteCount: 8),
    Field(name: "epoch", offset: 8, byteCount: 8),
    Field(name: "position", offset: 16, byteCount: 8),
    Field(name: "error_byte_count", offset: 24, byteCount: 4),
    Field(name: "error", offset: 32, byteCount: 480),
  ]

  // Inside a slot.
  public static let slotDescriptor: [Field] = [
    Field(name: "kind", offset: 0, byteCount: 4),
    Field(name: "tensor_count", offset: 4, byteCount: 4),
    Field(name: "epoch", offset: 8, byteCount: 8),
    Field(name: "sequence", offset: 16, byteCount: 8),
    Field(name: "row_count", offset: 24, byteCount: 4),
    Field(name: "sample_count", offset: 28, byteCount: 4),
    Field(name: "payload_byte_count", offset: 32, byteCount: 8),
  ]
  public static let tensorEntry: [Field] = [
    Field(name: "name", offset: 0, byteCount: 48),
    Field(name: "dtype", offset: 48, byteCount: 2),
    Field(name: "rank", offset: 50, byteCount: 2),
    Field(name: "byte_offset", offset: 56, byteCount: 8),
    Field(name: "byte_count", offset: 64, byteCount: 8),
    Field(name: "shape", offset: 72, byteCount: 56),
  ]
  public static let slotDescriptorByteCount = 256
  public static let tensorEntryByteCount = 128
  public static let tensorTableByteCount = 16 * tensorEntryByteCount
  public static let positionsOffset = slotDescriptorByteCount + tensorTableByteCount
}
