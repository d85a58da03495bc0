import Glibc
import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// A reader that knows the page and nothing else finds in the memory what was written there.
@Suite struct ForeignReaderTests {
  /// Loads fields by the names and offsets that the page gives.
  private struct Reader {
    let ring: Ring
    let fields: [String: RingLayout.Field]
    let start: Int

    init(_ ring: Ring, _ heading: String, _ column: String, at start: Int) throws {
      self.ring = ring
      self.start = start
      fields = Dictionary(
        try FormatPage().table(heading, column).ringFields().map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    func integer(_ name: String) throws -> UInt64 {
      let field = try #require(fields[name])
      return (0..<field.byteCount).reduce(0) {
        $0 | UInt64(ring.load(start + field.offset + $1, as: UInt8.self)) << UInt64($1 * 8)
      }
    }

    func double(_ name: String) throws -> Double { Double(bitPattern: try integer(name)) }

    func text(_ name: String) throws -> String? {
      let field = try #require(fields[name])
      let bytes = (0..<field.byteCount).map { ring.load(start + field.offset + $0, as: UInt8.self) }
      return String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    func integers(_ name: String) throws -> [UInt64] {
      let field = try #require(fields[name])
      return (0..<(field.byteCount / 8)).map { ring.load(start + field.offset + $0 * 8, as: UInt64.self) }
    }
  }

  private func rounded(_ count: Int) -> Int { (count + 4095) / 4096 * 4096 }

  @Test func aBatchIsFoundByThePageAlone() throws {
    let ring = try Ring.small(slots: 3, rows: 300, payload: 10_000)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    try producer.publish(0)
    let held = try consumer.take()
    let spec = BatchSpec(size: 4, TensorSpec("label", .int64), TensorSpec("image", .uint8, shape: [2, 3]))
    try producer.claim().take().publish(
      tensors: BatchTensor.layOut(spec, rows: 4), positions: [5, 6, 7], epoch: 8, sequence: 9)

    let header = try Reader(ring, "Header", "offset", at: 0)
    #expect(try header.integer("magic") == 0x4543_4152_4441_4548 && header.integer("version") == 7)
    let count = Int(try header.integer("slot_count"))
    let stride = Int(try header.integer("slot_stride"))
    #expect(try count == 3 && header.integer("maximum_rows") == 300 && header.integer("published") == 2)
    let order = 1024 + 128
    let stamps = order + 128
    let slots =
      rounded(stamps + count * (128 + 64)) + rounded(256 * 128) + rounded(512 + 62 * 384) + rounded(512 + 255 * 512)
      + rounded(512 + 63 * 512)
    let entry = try Reader(ring, "Order ring", "offset", at: order + 8)
    #expect(try entry.integer("position_plus_one") == 2)
    let slot = Int(try entry.integer("slot"))
    let stamp = try Reader(ring, "Stamps", "offset", at: stamps + slot * 128)
    // Published, for reader 0; and held by it.
    #expect(try stamp.integer("stamp") & ~0xFFFC == 2 | 1 << 16 && stamp.integer("message") == 1 << 2 | 1)
    #expect(try Reader(ring, "Stamps", "offset", at: stamps).integer("stamp") & ~0xFFFC == 2 | 1 << 40)
    let descriptor = try Reader(ring, "Slot", "descriptor offset", at: slots + slot * stride)
    #expect(try descriptor.integer("kind") == 1 && descriptor.integer("tensor_count") == 2)
    #expect(try descriptor.integer("epoch") == 8 && descriptor.integer("sequence") == 9)
    #expect(try descriptor.integer("row_count") == 4 && descriptor.integer("sample_count") == 3)
    #expect(try descriptor.integer("payload_byte_count") == 256 + 24 && descriptor.integer("table_number") == 2)
    let image = try Reader(ring, "Slot", "offset", at: slots + slot * stride + 256 + 128)
    #expect(try image.text("name") == "image" && image.integer("dtype") == 1 && image.integer("rank") == 3)
    #expect(try image.integer("byte_offset") == 256 && image.integer("byte_count") == 24)
    #expect(try image.integers("shape").prefix(3) == [4, 2, 3])
    let positions = (0..<3).map { ring.load(slots + slot * stride + 2304 + $0 * 8, as: UInt64.self) }
    #expect(positions == [5, 6, 7])
    withExtendedLifetime(held) {}
  }

  @Test func requestsPhaseAndUsageAreFoundByThePageAlone() throws {
    let ring = try Ring.small()
    RingConsumer(ring).request(epoch: 6)
    RingConsumer(ring).requestStop()
    ring.workerPhase = .idle
    ring.workerUsage = (7, 8, 9)
    let claims = RingProducer(ring).claimAll()
    let header = try Reader(ring, "Header", "offset", at: 0)
    let reader = try Reader(ring, "Readers", "offset", at: 1024)
    #expect(try reader.integer("requested_epoch") == 6 && header.integer("stop_requested") == 1)
    #expect(try reader.integer("process_id") == UInt64(getpid()) && header.integer("active_readers") == 1)
    #expect(try header.integer("worker_phase") == 3 && header.integer("worker_cpu_nanoseconds") == 7)
    #expect(try header.integer("worker_peak_resident_bytes") == 8 && header.integer("worker_copied_bytes") == 9)
    #expect(try header.integer("producer_waiting") == 1 && reader.integer("waiting") == 0)
    withExtendedLifetime(claims) {}
  }

  @Test func whatAWorkerDoesIsFoundByThePageAlone() throws {
    let ring = try Ring.small()
    let start = 4096
    InFlightTable(ring).begin(
      lane: 2, stage: 3, name: "decode", epoch: 6, position: 44, sample: SampleID(key: "a/b.png"))
    let lane = try Reader(ring, "In-flight table", "offset", at: start + 2 * 128)
    #expect(try lane.integer("stage_plus_one") == 4 && lane.integer("position") == 44 && lane.integer("epoch") == 6)
    #expect(try lane.text("stage_name") == "decode" && lane.integer("key_byte_count") == 7)
    #expect(try lane.text("sample_key") == "a/b.png")

    let statistics = start + rounded(256 * 128)
    let stage = StageStatistics(
      name: "décode", concurrency: 1, taskCount: 2, failureCount: 3, filteredCount: 4, retryCount: 5, timeoutCount: 6,
      quarantinedCount: 7, activeCount: 8, elapsedSeconds: 11, taskSeconds: 12, taskSecondsP50: 13, taskSecondsP90: 14,
      taskSecondsP99: 15, busy: 16, blocked: 17, starved: 18,
      output: QueueStatistics(
        itemCount: 9, byteCount: 10, elapsedSeconds: 19, putSeconds: 20, putSecondsP90: 21, putSecondsP99: 22,
        getSeconds: 23, getSecondsP90: 24, getSecondsP99: 25, queueSeconds: 26, occupancy: 27))
    StatisticsBlock(ring).write([stage, stage])
    let header = try Reader(ring, "Statistics", "header offset", at: statistics)
    #expect(try header.integer("stage_count") == 2 && header.integer("lock") == 2)
    let entry = try Reader(ring, "Statistics", "entry offset", at: statistics + 512 + 384)
    #expect(try entry.text("name") == "décode")
    let integers = try [
      "concurrency", "task_count", "failure_count", "filtered_count", "retry_count", "timeout_count",
      "quarantined_count", "active_count", "queue_item_count", "queue_byte_count",
    ].map(entry.integer)
    #expect(integers == Array(1...10))
    let doubles = try [
      "elapsed_seconds", "task_seconds", "task_seconds_p50", "task_seconds_p90", "task_seconds_p99", "busy", "blocked",
      "starved", "queue_elapsed_seconds", "put_seconds", "put_seconds_p90", "put_seconds_p99", "get_seconds",
      "get_seconds_p90", "get_seconds_p99", "queue_seconds", "occupancy",
    ].map(entry.double)
    #expect(doubles == (11...27).map(Double.init))
    #expect(entry.fields.count == 1 + integers.count + doubles.count)
  }

  @Test func anErrorIsReadPartByPartAsThePageSays() throws {
    let ring = try Ring.small()
    let log = ring.geometry.eventsOffset
    let error = HeadraceError(.malformedImage, "bad", sample: SampleID(key: "k", offset: 77), cause: "why")
    EventLog(ring).append(SampleFailure(epoch: 5, position: 6, error: error))
    #expect(try Reader(ring, "Event log", "header offset", at: log).integer("written_count") == 1)
    let entry = try Reader(ring, "Event log", "entry offset", at: log + 512)
    #expect(try entry.integer("number_plus_one") == 1 && entry.integer("epoch") == 5 && entry.integer("position") == 6)

    var place = log + 512 + (try #require(entry.fields["error"]).offset)
    let end = place + Int(try entry.integer("error_byte_count"))
    var parts: [String: String] = [:]
    for row in try FormatPage().table("Errors", "part").rows {
      switch row[1] {
      case "4":
        parts[row[2]] = "\(ring.load(place, as: UInt32.self))"
        place += 4
      case "8":
        parts[row[2]] = "\(ring.load(place, as: Int64.self))"
        place += 8
      default:
        let count = ring.load(place, as: UInt32.self)
        place += 4
        guard count != .max else { continue }
        parts[row[2]] = String(decoding: (0..<Int(count)).map { ring.load(place + $0, as: UInt8.self) }, as: UTF8.self)
        place += Int(count)
      }
    }
    #expect(place == end)
    #expect(parts == ["code": "6", "message": "bad", "sample_key": "k", "cause": "why", "sample_offset": "77"])
  }
}
