/// Where everything lies in a ring's memory: the constants of docs/formats/ring.md, and nothing else.
///
/// ```
/// offset 0         header: geometry, cursors, flags, worker
///        1024      readers: one entry per place, 128 bytes apart
///        ...       order ring: one entry per slot
///        ...       stamps: one per slot, 128 bytes apart
///        ...       stream records: what each message was, for a producer that goes on where another was killed
///        ...       in-flight table: what each lane of the worker is doing
///        ...       statistics of the stages
///        ...       event log: the newest skipped samples
///        ...       tuning log: the newest decisions of automatic concurrency
///        ...       slots, each: descriptor, tensor table, positions, payload
/// ```
///
/// All integers are little-endian. A test compares this file with the page in docs.
package enum RingLayout {
  /// "HEADRACE" in ASCII, read as a little-endian integer.
  package static let magic: UInt64 = 0x4543_4152_4441_4548
  /// Raised whenever a field moves or changes its meaning.
  package static let version: UInt32 = 7

  /// A named field at a fixed place.
  package struct Field: Hashable, Sendable {
    /// The field's name in docs/formats/ring.md.
    package let name: String
    /// Bytes from the start of the header or entry that it belongs to.
    package let offset: Int
    /// Bytes that it takes: of an integer 2, 4 or 8, of a text all that it may fill.
    package let byteCount: Int
  }

  /// The header's fields.
  ///
  /// Cursors and flags that different sides write are 128 bytes apart: two lines of 64, because the prefetcher fetches
  /// lines in pairs.
  package static let header: [Field] = [
    Field(name: "magic", offset: magicOffset, byteCount: 8),
    Field(name: "version", offset: versionOffset, byteCount: 4),
    Field(name: "slot_count", offset: slotCountOffset, byteCount: 4),
    Field(name: "maximum_rows", offset: maximumRowsOffset, byteCount: 4),
    Field(name: "slot_stride", offset: slotStrideOffset, byteCount: 8),
    Field(name: "payload_capacity", offset: payloadCapacityOffset, byteCount: 8),
    Field(name: "reader_count", offset: readerCountOffset, byteCount: 4),
    Field(name: "sharing", offset: sharingOffset, byteCount: 4),
    Field(name: "published", offset: publishedOffset, byteCount: 8),
    Field(name: "producer_waiting", offset: producerWaitingOffset, byteCount: 4),
    Field(name: "active_readers", offset: activeReadersOffset, byteCount: 4),
    Field(name: "awaited_readers", offset: awaitedReadersOffset, byteCount: 4),
    Field(name: "stop_requested", offset: stopRequestedOffset, byteCount: 4),
    Field(name: "worker_phase", offset: workerPhaseOffset, byteCount: 4),
    Field(name: "worker_process_id", offset: workerProcessIDOffset, byteCount: 4),
    Field(name: "worker_cpu_nanoseconds", offset: workerCPUOffset, byteCount: 8),
    Field(name: "worker_peak_resident_bytes", offset: workerPeakResidentOffset, byteCount: 8),
    Field(name: "worker_copied_bytes", offset: workerCopiedBytesOffset, byteCount: 8),
    Field(name: "death_count", offset: deathCountOffset, byteCount: 4),
    Field(name: "death_process_id", offset: deathProcessIDOffset, byteCount: 4),
    Field(name: "death_kind", offset: deathKindOffset, byteCount: 4),
    Field(name: "death_value", offset: deathValueOffset, byteCount: 4),
    Field(name: "pool_death_count", offset: poolDeathCountOffset, byteCount: 4),
    Field(name: "log_line_count", offset: logLineCountOffset, byteCount: 8),
  ]

  static let magicOffset = 0
  static let versionOffset = 8
  static let slotCountOffset = 12
  static let maximumRowsOffset = 16
  static let slotStrideOffset = 24
  static let payloadCapacityOffset = 32
  static let readerCountOffset = 40
  static let sharingOffset = 44
  static let publishedOffset = 128
  static let producerWaitingOffset = 384
  static let activeReadersOffset = 512
  static let awaitedReadersOffset = 516
  static let stopRequestedOffset = 520
  static let workerPhaseOffset = 640
  static let workerProcessIDOffset = 644
  static let workerCPUOffset = 648
  static let workerPeakResidentOffset = 656
  static let workerCopiedBytesOffset = 664
  static let deathCountOffset = 768
  static let deathProcessIDOffset = 772
  static let deathKindOffset = 776
  static let deathValueOffset = 780
  static let poolDeathCountOffset = 784
  static let logLineCountOffset = 792

  /// One reader; the number of its process is stored last when it joins.
  package static let readerEntry: [Field] = [
    Field(name: "process_id", offset: ReaderOffset.processID, byteCount: 4),
    Field(name: "waiting", offset: ReaderOffset.waiting, byteCount: 4),
    Field(name: "requested_epoch", offset: ReaderOffset.requestedEpoch, byteCount: 8),
    Field(name: "taken_batches", offset: ReaderOffset.takenBatches, byteCount: 8),
    Field(name: "waited_nanoseconds", offset: ReaderOffset.waitedNanoseconds, byteCount: 8),
    Field(name: "waiting_since", offset: ReaderOffset.waitingSince, byteCount: 8),
    Field(name: "released", offset: ReaderOffset.released, byteCount: 8),
    Field(name: "rescan", offset: ReaderOffset.rescan, byteCount: 4),
  ]

  /// Places within a reader's entry: what a reader writes for each batch is one line.
  enum ReaderOffset {
    static let processID = 0
    static let waiting = 4
    static let requestedEpoch = 8
    static let takenBatches = 16
    static let waitedNanoseconds = 24
    static let waitingSince = 32
    static let released = 40
    static let rescan = 48
  }

  /// Bytes of the header. The readers, the order ring and the stamps follow in the same page as far as there is room:
  /// what each batch goes through should be few pages.
  package static let headerByteCount = 1024
  /// What the order ring is rounded up to, so that no two stamps share lines.
  static let lineByteCount = 128
  /// What a page is in this layout, in bytes, whatever the machine's is.
  package static let pageByteCount = 4096
  /// Bytes from one entry of the order ring to the next.
  package static let orderEntryByteCount = 8
  /// Bytes from one reader's entry to the next.
  package static let readerEntryByteCount = 128
  /// Bytes from one slot's stamp to the next.
  package static let stampStride = 128
  /// Bytes from one stream record to the next, of which there are as many as slots; see `StreamRecord`.
  package static let streamRecordByteCount = 64

  /// Entries of the in-flight table, one per lane: the most lanes that a worker can have; see `InFlightTable`.
  package static let inFlightEntryCount = 256
  /// Bytes from one lane's entry to the next.
  package static let inFlightEntryByteCount = 128

  /// Entries of the statistics, one per stage: the most stages that a pipeline can have; see `StatisticsBlock`.
  package static let statisticsEntryCount = 62
  /// Bytes from one stage's entry to the next.
  package static let statisticsEntryByteCount = 384
  /// Bytes from the start of the statistics to the first entry.
  package static let statisticsHeaderByteCount = 512

  /// Entries of the event log: the newest are kept; see `EventLog`.
  package static let eventEntryCount = 255
  /// Bytes from one entry of the event log to the next.
  package static let eventEntryByteCount = 512
  /// Bytes from the start of the event log to the first entry.
  package static let eventHeaderByteCount = 512

  /// Entries of the tuning log: the newest are kept; see `TuningLog`.
  package static let tuningEntryCount = 63
  /// Bytes from one entry of the tuning log to the next.
  package static let tuningEntryByteCount = 512
  /// Bytes from the start of the tuning log to the first entry.
  package static let tuningHeaderByteCount = 512

  /// An entry of the order ring: one word of 8 bytes and written as one, the slot in its low 16 bits.
  package static let orderEntry: [Field] = [
    Field(name: "slot", offset: 0, byteCount: 2),
    Field(name: "position_plus_one", offset: 2, byteCount: 6),
  ]
  /// A stamp: one word, written as one; see `SlotStamp`. Beside it, in the same line, position and kind
  /// of the message.
  package static let stampEntry: [Field] = [
    Field(name: "stamp", offset: 0, byteCount: 8),
    Field(name: "message", offset: messageOffset, byteCount: 8),
  ]
  static let messageOffset = 8
  /// The message at a position: what it is, and where it is in the stream.
  package static let streamRecord: [Field] = [
    Field(name: "epoch", offset: 0, byteCount: 8),
    Field(name: "epoch_batches", offset: 8, byteCount: 8),
    Field(name: "sequence", offset: 16, byteCount: 8),
    Field(name: "epoch_samples", offset: 32, byteCount: 8),
    Field(name: "kind", offset: 40, byteCount: 4),
    Field(name: "position", offset: 48, byteCount: 8),
  ]
  /// What one lane is doing; `stage_plus_one` is stored last.
  package static let inFlightEntry: [Field] = [
    Field(name: "stage_plus_one", offset: 0, byteCount: 4),
    Field(name: "key_byte_count", offset: 4, byteCount: 4),
    Field(name: "position", offset: 8, byteCount: 8),
    Field(name: "epoch", offset: 16, byteCount: 8),
    Field(name: "stage_name", offset: 24, byteCount: 40),
    Field(name: "sample_key", offset: 64, byteCount: 64),
  ]
  /// The lock of the statistics and the number of entries in use.
  package static let statisticsHeader: [Field] = [
    Field(name: "lock", offset: 0, byteCount: 8),
    Field(name: "stage_count", offset: 8, byteCount: 4),
  ]
  /// The statistics of one stage: integers of 8 bytes, then binary64; times in seconds, shares from 0 to 1.
  package static let statisticsEntry: [Field] = [
    Field(name: "name", offset: 0, byteCount: 64),
    Field(name: "concurrency", offset: 64, byteCount: 8),
    Field(name: "task_count", offset: 72, byteCount: 8),
    Field(name: "failure_count", offset: 80, byteCount: 8),
    Field(name: "filtered_count", offset: 88, byteCount: 8),
    Field(name: "retry_count", offset: 96, byteCount: 8),
    Field(name: "timeout_count", offset: 104, byteCount: 8),
    Field(name: "quarantined_count", offset: 112, byteCount: 8),
    Field(name: "active_count", offset: 120, byteCount: 8),
    Field(name: "queue_item_count", offset: 128, byteCount: 8),
    Field(name: "queue_byte_count", offset: 136, byteCount: 8),
    Field(name: "elapsed_seconds", offset: 144, byteCount: 8),
    Field(name: "task_seconds", offset: 152, byteCount: 8),
    Field(name: "task_seconds_p50", offset: 160, byteCount: 8),
    Field(name: "task_seconds_p90", offset: 168, byteCount: 8),
    Field(name: "task_seconds_p99", offset: 176, byteCount: 8),
    Field(name: "busy", offset: 184, byteCount: 8),
    Field(name: "blocked", offset: 192, byteCount: 8),
    Field(name: "starved", offset: 200, byteCount: 8),
    Field(name: "queue_elapsed_seconds", offset: 208, byteCount: 8),
    Field(name: "put_seconds", offset: 216, byteCount: 8),
    Field(name: "put_seconds_p90", offset: 224, byteCount: 8),
    Field(name: "put_seconds_p99", offset: 232, byteCount: 8),
    Field(name: "get_seconds", offset: 240, byteCount: 8),
    Field(name: "get_seconds_p90", offset: 248, byteCount: 8),
    Field(name: "get_seconds_p99", offset: 256, byteCount: 8),
    Field(name: "queue_seconds", offset: 264, byteCount: 8),
    Field(name: "occupancy", offset: 272, byteCount: 8),
  ]
  /// How many entries were ever written: entry n is at place n mod 255.
  package static let eventHeader: [Field] = [
    Field(name: "written_count", offset: 0, byteCount: 8)
  ]
  /// One sample that was left out; `number_plus_one` is 0 while the entry is being written.
  package static let eventEntry: [Field] = [
    Field(name: "number_plus_one", offset: 0, byteCount: 8),
    Field(name: "epoch", offset: 8, byteCount: 8),
    Field(name: "position", offset: 16, byteCount: 8),
    Field(name: "error_byte_count", offset: 24, byteCount: 4),
    Field(name: "error", offset: 32, byteCount: 480),
  ]
  /// How many entries were ever written: entry n is at place n mod 63.
  package static let tuningHeader: [Field] = [
    Field(name: "written_count", offset: 0, byteCount: 8)
  ]
  /// One decision; `number_plus_one` is 0 while the entry is being written.
  package static let tuningEntry: [Field] = [
    Field(name: "number_plus_one", offset: 0, byteCount: 8),
    Field(name: "seconds", offset: 8, byteCount: 8),
    Field(name: "from", offset: 16, byteCount: 4),
    Field(name: "to", offset: 20, byteCount: 4),
    Field(name: "reason_byte_count", offset: 24, byteCount: 4),
    Field(name: "stage", offset: 32, byteCount: 40),
    Field(name: "reason", offset: 72, byteCount: 440),
  ]

  /// The start of a slot: which message it holds, and how much of it is in use.
  package static let slotDescriptor: [Field] = [
    Field(name: "kind", offset: 0, byteCount: 4),
    Field(name: "tensor_count", offset: 4, byteCount: 4),
    Field(name: "epoch", offset: 8, byteCount: 8),
    Field(name: "sequence", offset: 16, byteCount: 8),
    Field(name: "row_count", offset: 24, byteCount: 4),
    Field(name: "sample_count", offset: 28, byteCount: 4),
    Field(name: "payload_byte_count", offset: 32, byteCount: 8),
    Field(name: "table_number", offset: 40, byteCount: 4),
  ]
  /// One tensor of a batch; `byte_offset` counts from the start of the payload.
  package static let tensorEntry: [Field] = [
    Field(name: "name", offset: 0, byteCount: 48),
    Field(name: "dtype", offset: 48, byteCount: 2),
    Field(name: "rank", offset: 50, byteCount: 2),
    Field(name: "role", offset: 52, byteCount: 2),
    Field(name: "byte_offset", offset: 56, byteCount: 8),
    Field(name: "byte_count", offset: 64, byteCount: 8),
    Field(name: "shape", offset: 72, byteCount: 56),
  ]
  /// Bytes of a slot before its tensor table.
  package static let slotDescriptorByteCount = 256
  /// Bytes from one entry of the tensor table to the next.
  package static let tensorEntryByteCount = 128
  /// Bytes of the tensor table: 16 entries, whatever a batch has.
  package static let tensorTableByteCount = 16 * tensorEntryByteCount
  /// Bytes from the start of a slot to the positions, 8 bytes for each sample.
  package static let positionsOffset = slotDescriptorByteCount + tensorTableByteCount
}
