import HeadraceCore

/// The sizes of one ring, and the offsets that follow from them.
package struct RingGeometry: Hashable, Sendable, Codable {
  /// Slots, that is batches that can exist at one time: being written, waiting, or held.
  package let slotCount: Int
  /// The most rows that a batch can have.
  package let maximumRows: Int
  /// Bytes of payload that a slot has room for, whole pages.
  package let payloadCapacity: Int
  /// Places for readers, 1 to 24.
  package let readerCount: Int
  /// How the readers share the batches.
  package let sharing: Sharing

  /// The largest number of slots: the order ring keeps the slot's number in 16 bits.
  package static let maximumSlotCount = 4096

  private static let maximumPayloadByteCount = 1 << 46

  /// Sizes of a ring; nothing is allocated.
  ///
  /// - Parameter payloadByteCount: bytes that the largest batch needs; rounded up to whole pages.
  /// - Throws: `invalidArgument`, naming the value.
  package init(
    slotCount: Int, maximumRows: Int, payloadByteCount: Int, readerCount: Int = 1, sharing: Sharing = .broadcast
  ) throws(HeadraceError) {
    guard (2...Self.maximumSlotCount).contains(slotCount) else {
      throw HeadraceError(
        .invalidArgument,
        "A ring of \(slotCount) slots is not possible; slots must be 2 to \(Self.maximumSlotCount): one to write, one"
          + " to read."
      )
    }
    guard (1...BatchSpec.maximumSize).contains(maximumRows) else {
      throw HeadraceError(
        .invalidArgument,
        "A ring for batches of \(maximumRows) rows is not possible; 1 to \(BatchSpec.maximumSize) are.")
    }
    guard (0...Self.maximumPayloadByteCount).contains(payloadByteCount) else {
      throw HeadraceError(
        .invalidArgument,
        "A slot of \(payloadByteCount) bytes is not possible; 0 to \(Self.maximumPayloadByteCount) are.")
    }
    guard (1...ReaderSet.maximumCount).contains(readerCount) else {
      throw HeadraceError(
        .invalidArgument,
        "A ring for \(HumanUnits.count(readerCount, "reader")) is not possible; 1 to \(ReaderSet.maximumCount) are.")
    }
    self.readerCount = readerCount
    self.sharing = sharing
    self.slotCount = slotCount
    self.maximumRows = maximumRows
    payloadCapacity = max(Self.roundedToPages(payloadByteCount), RingLayout.pageByteCount)
  }

  /// Bytes from the start of the memory to the first reader's entry.
  package var readersOffset: Int { RingLayout.headerByteCount }
  /// Bytes from the start of the memory to the order ring, one entry per slot.
  package var orderOffset: Int { readersOffset + readerCount * RingLayout.readerEntryByteCount }
  /// Bytes from the start of the memory to the first slot's stamp; the others follow every 128 bytes.
  package var stampsOffset: Int {
    orderOffset + Self.rounded(slotCount * RingLayout.orderEntryByteCount, to: RingLayout.lineByteCount)
  }
  /// Bytes from the start of the memory to the stream records, one per slot.
  package var streamOffset: Int { stampsOffset + slotCount * RingLayout.stampStride }
  /// Bytes from the start of the memory to the in-flight table.
  package var inFlightOffset: Int {
    Self.roundedToPages(streamOffset + slotCount * RingLayout.streamRecordByteCount)
  }
  /// Bytes from the start of the memory to the statistics' header, which the entries follow.
  package var statisticsOffset: Int {
    inFlightOffset + Self.roundedToPages(RingLayout.inFlightEntryCount * RingLayout.inFlightEntryByteCount)
  }
  /// Bytes from the start of the memory to the event log's header, which the entries follow.
  package var eventsOffset: Int {
    statisticsOffset
      + Self.roundedToPages(
        RingLayout.statisticsHeaderByteCount + RingLayout.statisticsEntryCount * RingLayout.statisticsEntryByteCount)
  }
  /// Bytes from the start of the memory to the tuning log's header, which the entries follow.
  package var tuningOffset: Int {
    eventsOffset
      + Self.roundedToPages(
        RingLayout.eventHeaderByteCount + RingLayout.eventEntryCount * RingLayout.eventEntryByteCount)
  }
  /// Bytes from the start of the memory to slot 0.
  package var slotsOffset: Int {
    tuningOffset
      + Self.roundedToPages(
        RingLayout.tuningHeaderByteCount + RingLayout.tuningEntryCount * RingLayout.tuningEntryByteCount)
  }
  /// Bytes from the start of a slot to its payload, whole pages.
  package var payloadOffset: Int { Self.roundedToPages(RingLayout.positionsOffset + maximumRows * 8) }
  /// Bytes from one slot to the next, whole pages.
  package var slotStride: Int { payloadOffset + payloadCapacity }
  /// Bytes of the whole ring.
  package var byteCount: Int { slotsOffset + slotCount * slotStride }
  /// Where in the memory the slots are.
  package var slotBytes: Range<Int> { slotsOffset..<byteCount }

  static func roundedToPages(_ byteCount: Int) -> Int { rounded(byteCount, to: RingLayout.pageByteCount) }

  private static func rounded(_ byteCount: Int, to unit: Int) -> Int { (byteCount + unit - 1) / unit * unit }
}
