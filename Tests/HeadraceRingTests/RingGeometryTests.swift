import HeadraceCore
import Testing

@testable import HeadraceRing

@Suite struct RingGeometryTests {
  private func expectInvalid(_ what: String, slots: Int = 2, rows: Int = 1, payload: Int = 1) {
    do throws(HeadraceError) {
      _ = try RingGeometry(slotCount: slots, maximumRows: rows, payloadByteCount: payload)
      Issue.record("accepted \(what)")
    } catch {
      #expect(error.code == .invalidArgument)
      #expect(error.message.contains(what))
    }
  }

  @Test func sizesBeyondTheBoundsAreRefusedByValue() {
    for slots in [Int.min, -1, 0, 1, 4097, Int.max] { expectInvalid("\(slots) slots", slots: slots) }
    for rows in [Int.min, -1, 0, BatchSpec.maximumSize + 1, Int.max] { expectInvalid("\(rows) rows", rows: rows) }
    for payload in [Int.min, -1, 1 << 46 + 1, Int.max] { expectInvalid("\(payload) bytes", payload: payload) }
  }

  @Test func everyRegionStartsOnAPageBehindTheOneBefore() throws {
    for slots in [2, 3, 4, 31, 32, 33, 511, 512, 513, 4096] {
      for rows in [1, 2, 224, 225, 256, 1000, BatchSpec.maximumSize] {
        for payload in [0, 1, 4095, 4096, 4097, 38_535_168, 1 << 46] {
          let geometry = try RingGeometry(slotCount: slots, maximumRows: rows, payloadByteCount: payload)
          expectOrder(geometry)
          #expect(geometry.payloadCapacity >= payload && geometry.payloadCapacity < max(payload, 1) + 4096)
        }
      }
    }
  }

  private func expectOrder(_ geometry: RingGeometry) {
    let regions = [
      (0, RingLayout.headerByteCount),
      (geometry.readersOffset, geometry.readerCount * RingLayout.readerEntryByteCount),
      (geometry.orderOffset, geometry.slotCount * RingLayout.orderEntryByteCount),
      (geometry.stampsOffset, geometry.slotCount * RingLayout.stampStride),
      (geometry.streamOffset, geometry.slotCount * RingLayout.streamRecordByteCount),
      (geometry.inFlightOffset, RingLayout.inFlightEntryCount * RingLayout.inFlightEntryByteCount),
      (
        geometry.statisticsOffset,
        RingLayout.statisticsHeaderByteCount + RingLayout.statisticsEntryCount * RingLayout.statisticsEntryByteCount
      ),
      (
        geometry.eventsOffset,
        RingLayout.eventHeaderByteCount + RingLayout.eventEntryCount * RingLayout.eventEntryByteCount
      ),
      (
        geometry.tuningOffset,
        RingLayout.tuningHeaderByteCount + RingLayout.tuningEntryCount * RingLayout.tuningEntryByteCount
      ),
      (geometry.slotsOffset, geometry.slotCount * geometry.slotStride),
      (geometry.byteCount, 0),
    ]
    for (region, next) in zip(regions, regions.dropFirst()) {
      let isInFirstPart = region.0 < geometry.inFlightOffset
      #expect(region.0 % (isInFirstPart ? RingLayout.lineByteCount : RingLayout.pageByteCount) == 0)
      #expect(region.0 + region.1 <= next.0, "\(geometry)")
      #expect(next.0 - (region.0 + region.1) < RingLayout.pageByteCount, "\(geometry)")
    }
    #expect(geometry.payloadOffset % RingLayout.pageByteCount == 0)
    #expect(geometry.payloadOffset >= RingLayout.positionsOffset + geometry.maximumRows * 8)
    #expect(geometry.slotStride == geometry.payloadOffset + geometry.payloadCapacity)
  }

  @Test func fieldsOfEachStructureLieSideBySideWithinIt() {
    let structures: [([RingLayout.Field], Int)] = [
      (RingLayout.header, RingLayout.headerByteCount),
      (RingLayout.readerEntry, RingLayout.readerEntryByteCount),
      (RingLayout.orderEntry, RingLayout.orderEntryByteCount),
      (RingLayout.stampEntry, RingLayout.stampStride), (RingLayout.inFlightEntry, RingLayout.inFlightEntryByteCount),
      (RingLayout.statisticsHeader, RingLayout.statisticsHeaderByteCount),
      (RingLayout.statisticsEntry, RingLayout.statisticsEntryByteCount),
      (RingLayout.eventHeader, RingLayout.eventHeaderByteCount),
      (RingLayout.eventEntry, RingLayout.eventEntryByteCount),
      (RingLayout.slotDescriptor, RingLayout.slotDescriptorByteCount),
      (RingLayout.tensorEntry, RingLayout.tensorEntryByteCount),
    ]
    for (fields, byteCount) in structures {
      for (field, next) in zip(fields, fields.dropFirst()) { #expect(field.offset + field.byteCount <= next.offset) }
      #expect(fields.last.map { $0.offset + $0.byteCount <= byteCount } == true)
      // Integers lie at multiples of their size, so that any language can read them in one access.
      for field in fields where [2, 4, 8].contains(field.byteCount) {
        #expect(field.offset % field.byteCount == 0, "\(field)")
      }
    }
  }

  @Test func wordsOfDifferentWritersAreTwoCacheLinesApart() {
    let words = [
      RingLayout.publishedOffset, RingLayout.producerWaitingOffset, RingLayout.activeReadersOffset,
      RingLayout.workerPhaseOffset,
    ]
    for (word, next) in zip(words, words.dropFirst()) { #expect(next - word >= 128) }
    // What a reader writes for each batch is one line of its own.
    #expect(RingLayout.readerEntryByteCount == 128 && RingLayout.readerEntry.allSatisfy { $0.offset < 64 })
  }

  @Test func theTensorTableHoldsWhatABatchSpecAllows() {
    #expect(RingLayout.tensorTableByteCount == BatchSpec.maximumTensorCount * RingLayout.tensorEntryByteCount)
    #expect(RingLayout.tensorEntry.first?.byteCount == BatchSpec.maximumNameByteCount + 1)
    #expect(RingLayout.tensorEntry.last?.byteCount == (BatchSpec.maximumRank + 1) * 8)
  }
}
