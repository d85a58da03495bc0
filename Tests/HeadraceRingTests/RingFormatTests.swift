import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// docs/formats/ring.md says what the code does, no more and no less.
@Suite struct RingFormatTests {
  /// Every structure of the format, and where the page has it.
  static let structures: [(heading: String, column: String, fields: [RingLayout.Field])] = [
    ("Header", "offset", RingLayout.header), ("Readers", "offset", RingLayout.readerEntry),
    ("Order ring", "offset", RingLayout.orderEntry),
    ("Stamps", "offset", RingLayout.stampEntry), ("Stream records", "offset", RingLayout.streamRecord),
    ("Slot", "descriptor offset", RingLayout.slotDescriptor),
    ("Slot", "offset", RingLayout.tensorEntry), ("In-flight table", "offset", RingLayout.inFlightEntry),
    ("Statistics", "header offset", RingLayout.statisticsHeader),
    ("Statistics", "entry offset", RingLayout.statisticsEntry), ("Event log", "header offset", RingLayout.eventHeader),
    ("Event log", "entry offset", RingLayout.eventEntry), ("Tuning log", "header offset", RingLayout.tuningHeader),
    ("Tuning log", "entry offset", RingLayout.tuningEntry),
  ]

  @Test func everyFieldOfThePageIsTheOneInTheCode() throws {
    let page = try FormatPage()
    for (heading, column, fields) in Self.structures {
      #expect(try page.table(heading, column).ringFields() == fields, "\(heading): \(column)")
    }
  }

  @Test func everyTableOfThePageIsCompared() throws {
    let known: Set<String> = [
      "constant", "worker phase", "slot state", "message", "dtype", "tensor role", "part", "error code", "step",
      "version", "sharing", "bits of a stamp",
    ]
    for table in try FormatPage().tables {
      let isStructure = Self.structures.contains { $0.heading == table.heading && $0.column == table.columns[0] }
      #expect(isStructure || known.contains(table.columns[0]), "\(table.columns)")
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.heading)")
      if isStructure {
        #expect(Array(table.columns.dropFirst()) == ["bytes", "name", "written by", "meaning"])
        #expect(table.rows.allSatisfy { ["maker", "producer", "reader", "both", "supervisor"].contains($0[3]) })
      }
    }
  }

  @Test func everyConstantIsTheOneInTheCode() throws {
    let constants: [String: UInt64] = [
      "magic": RingLayout.magic, "version": UInt64(RingLayout.version),
      "page_bytes": UInt64(RingLayout.pageByteCount), "header_bytes": UInt64(RingLayout.headerByteCount),
      "reader_entry_bytes": UInt64(RingLayout.readerEntryByteCount),
      "maximum_readers": UInt64(ReaderSet.maximumCount),
      "order_entry_bytes": UInt64(RingLayout.orderEntryByteCount), "stamp_stride": UInt64(RingLayout.stampStride),
      "stream_record_bytes": UInt64(RingLayout.streamRecordByteCount),
      "in_flight_entries": UInt64(RingLayout.inFlightEntryCount),
      "in_flight_entry_bytes": UInt64(RingLayout.inFlightEntryByteCount),
      "statistics_header_bytes": UInt64(RingLayout.statisticsHeaderByteCount),
      "statistics_entries": UInt64(RingLayout.statisticsEntryCount),
      "statistics_entry_bytes": UInt64(RingLayout.statisticsEntryByteCount),
      "event_header_bytes": UInt64(RingLayout.eventHeaderByteCount),
      "event_entries": UInt64(RingLayout.eventEntryCount),
      "event_entry_bytes": UInt64(RingLayout.eventEntryByteCount),
      "tuning_header_bytes": UInt64(RingLayout.tuningHeaderByteCount),
      "tuning_entries": UInt64(RingLayout.tuningEntryCount),
      "tuning_entry_bytes": UInt64(RingLayout.tuningEntryByteCount),
      "slot_descriptor_bytes": UInt64(RingLayout.slotDescriptorByteCount),
      "tensor_entries": UInt64(RingLayout.tensorTableByteCount / RingLayout.tensorEntryByteCount),
      "tensor_entry_bytes": UInt64(RingLayout.tensorEntryByteCount),
      "tensor_table_offset": UInt64(RingLayout.slotDescriptorByteCount),
      "positions_offset": UInt64(RingLayout.positionsOffset),
      "maximum_slot_count": UInt64(RingGeometry.maximumSlotCount), "maximum_rows": UInt64(BatchSpec.maximumSize),
      "maximum_rank": UInt64(BatchSpec.maximumRank + 1), "maximum_name_bytes": UInt64(BatchSpec.maximumNameByteCount),
      "tensor_alignment": UInt64(BatchTensor.alignment),
    ]
    #expect(try FormatPage().table("Map", "constant").numbers() == constants)
  }

  @Test func everyNumberOfEveryListIsTheOneInTheCode() throws {
    func named<Value>(_ value: (UInt64) -> Value?) -> [String: UInt64] {
      var numbers: [String: UInt64] = [:]
      for number in 0..<UInt64(1000) {
        if let value = value(number) { numbers["\(value)"] = number }
      }
      return numbers
    }
    let page = try FormatPage()
    #expect(try page.table("Header", "worker phase").numbers() == named { WorkerPhase(rawValue: UInt32($0)) })
    #expect(
      try page.table("Header", "sharing").numbers()
        == named { number in Sharing.allCases.first { $0.number == UInt32(number) } })
    #expect(try page.table("Stamps", "slot state").numbers() == named { SlotStamp.State(rawValue: $0) })
    #expect(try page.table("Slot", "message").numbers() == named { SlotMessage(rawValue: UInt32($0)) })
    #expect(try page.table("Slot", "tensor role").numbers() == named { TensorRole(rawValue: UInt16($0)) })
    #expect(try page.table("Slot", "dtype").numbers() == named { DType(rawValue: UInt16($0)) })
    #expect(try page.table("Errors", "error code").numbers() == named { HeadraceError.Code(rawValue: UInt32($0)) })
    let sizes = try page.table("Slot", "dtype").rows.map { $0[2] }
    #expect(sizes == DType.allCases.map { "\($0.byteCount)" })
  }

  @Test func theNewestVersionOfTheTableIsTheCodes() throws {
    let page = try FormatPage()
    let versions = try page.table("Versions", "version").rows.map { $0[0] }
    #expect(versions == (1...RingLayout.version).map(String.init))
    #expect(page.text.hasPrefix("# The ring, version \(RingLayout.version)\n"))
  }

  @Test func theMapShowsTheSizesOfTheTables() throws {
    let text = try FormatPage().text
    for line in [
      "reader_count x \(RingLayout.readerEntryByteCount)\n",
      "slot_count x \(RingLayout.orderEntryByteCount), rounded", "slot_count x \(RingLayout.stampStride)\n",
      "slot_count x \(RingLayout.streamRecordByteCount), rounded",
      "\(RingLayout.inFlightEntryCount) x \(RingLayout.inFlightEntryByteCount)\n",
      "\(RingLayout.statisticsHeaderByteCount) + \(RingLayout.statisticsEntryCount) x "
        + "\(RingLayout.statisticsEntryByteCount)\n",
      "\(RingLayout.eventHeaderByteCount) + \(RingLayout.eventEntryCount) x \(RingLayout.eventEntryByteCount)\n",
      "\(RingLayout.tuningHeaderByteCount) + \(RingLayout.tuningEntryCount) x \(RingLayout.tuningEntryByteCount)\n",
      "\(RingLayout.positionsOffset)     positions", "\(RingLayout.slotDescriptorByteCount)      tensor table",
    ] { #expect(text.contains(line), "\(line)") }
  }
}
