import HeadraceCore

/// The sizes of one ring, and the offsets that follow from them.
public struct RingGeometry: Hashable, Sendable {
  /// Slots, that is batches that can exist at one time: being written, waiting, or held.
  public let slotCount: Int
  /// The most rows that a batch can have.
  public let maximumRows: Int
  /// Bytes of payload that a slot has room for.
  public let payloadCapacity: Int

  /// The largest number of slots: the order ring keeps the slot's number in 16 bits.
  public static let maximumSlotCount = 4096

  /// - Parameter payloadByteCount: bytes that the largest batch needs; rounded up to whole pages.
  /// - Throws: `invalidArgument`, naming the value.
  public init(slotCount: Int, maximumRows: Int, payloadByteCount: Int) throws(HeadraceError) {
    guard (2...Self.maximumSlotCount).contains(slotCount) else {
      throw HeadraceError(
        .invalidArgument,
        "A ring of \(slotCount) slots is not possible; slots must be 2 to \(Self.maximumSlotCount): one to write, one to read."
      )
    }
    guard (1...BatchSpec.maximumSize).contains(maximumRows) else {
      throw HeadraceError(
        .invalidArgument,
        "A ring for batches of \(maximumRows) rows is not possible; 1 to \(BatchSpec.maximumSize) are.")
    }
    guard (0...(1 << 46)).contains(payloadByteCount) else {
      throw HeadraceError(.invalidArgument, "A slot of \(payloadByteCount) bytes is not possible.")
    }
    self.slotCount = slotCount
    self.maximumRows = maximumRows
    payloadCapacity = max(Self.roundedToPages(payloadByteCount), RingLayout.pageByteCount)
  }

  public var orderOffset: Int { RingLayout.headerByteCount }
  public var stampsOffset: Int { orderOffset + Self.roundedToPages(slotCount * RingLayout.orderEntryByteCount) }
  public var inFlightOffset: Int { stampsOffset + Self.roundedToPages(slotCount * RingLayout.stampStride) }
  public var statisticsOffset: Int {
    inFlightOffset + Self.roundedToPages(RingLayout.inFlightEntryCount * RingLayout.inFlightEntryByteCount)
  }
  public var eventsOffset: Int {
    statisticsOffset
      + Self.roundedToPages(
        RingLayout.statisticsHeaderByteCount + RingLayout.statisticsEntryCount * RingLayout.statisticsEntryByteCount)
  }
  public var slotsOffset: Int {
    eventsOffset
      + Self.roundedToPages(
        RingLayout.eventHeaderByteCount + RingLayout.eventEntryCount * RingLayout.eventEntryByteCount)
  }
  /// Where the payload starts within a slot.
  public var payloadOffset: Int { Self.roundedToPages(RingLayout.positionsOffset + maximumRows * 8) }
  public var slotStride: Int { payloadOffset + payloadCapacity }
  public var byteCount: Int { slotsOffset + slotCount * slotStride }

  static func roundedToPages(_ byteCount: Int) -> Int {
    (byteCount + RingLayout.pageByteCount - 1) / RingLayout.pageByteCount * RingLayout.pageByteCount
  }
}
