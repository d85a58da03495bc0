import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

@Suite struct EventLogTests {
  private func failure(_ number: Int) -> SampleFailure {
    SampleFailure(
      epoch: number / 100, position: number,
      error: HeadraceError(.malformedImage, "image \(number)", sample: SampleID(key: "key \(number)")))
  }

  @Test func entriesReadBackInTheOrderInWhichTheyWereWritten() throws {
    let log = EventLog(try Ring.small())
    #expect(log.writtenCount == 0 && log.read(from: 0, upTo: log.writtenCount) == [])
    for number in 0..<10 { log.append(failure(number)) }
    #expect(log.writtenCount == 10)
    #expect(log.read(from: 0, upTo: log.writtenCount) == (0..<10).map(failure))
    #expect(log.read(from: 7, upTo: log.writtenCount) == (7..<10).map(failure))
    #expect(log.read(from: 10, upTo: log.writtenCount) == [] && log.read(from: 1000, upTo: log.writtenCount) == [])
  }

  @Test func afterAnOverrunTheNewest255AreThereAndTheCountIsTrue() throws {
    let log = EventLog(try Ring.small())
    let kept = RingLayout.eventEntryCount
    for written in 1...(3 * kept) {
      log.append(failure(written - 1))
      guard written % 50 == 0 || written == kept || written == kept + 1 else { continue }
      #expect(log.writtenCount == written)
      #expect(log.read(from: 0, upTo: log.writtenCount) == (max(0, written - kept)..<written).map(failure))
    }
    #expect(log.read(from: -1, upTo: log.writtenCount).count == kept)
  }

  @Test func whatIsWrittenAfterTheCountWasTakenIsNamedOnceAndLater() throws {
    let log = EventLog(try Ring.small())
    for number in 0..<3 { log.append(failure(number)) }
    let counted = log.writtenCount
    for number in 3..<5 { log.append(failure(number)) }
    #expect(log.read(from: 0, upTo: counted) == (0..<3).map(failure))
    #expect(log.read(from: counted, upTo: log.writtenCount) == (3..<5).map(failure))
  }

  @Test func anEntryThatIsBeingOverwrittenIsLeftOut() throws {
    let ring = try Ring.small()
    let log = EventLog(ring)
    for number in 0..<3 { log.append(failure(number)) }
    let second = ring.geometry.eventsOffset + RingLayout.eventHeaderByteCount + RingLayout.eventEntryByteCount
    // What a writer that was killed within append leaves behind.
    unsafe ring.atomic64(second).pointee.store(0, ordering: .relaxed)
    #expect(log.read(from: 0, upTo: log.writtenCount) == [failure(0), failure(2)])
  }

  @Test func aLongErrorIsCutAndKeepsItsSample() throws {
    let log = EventLog(try Ring.small())
    var long = failure(1)
    long.error.message = String(repeating: "水", count: 1000)
    log.append(long)
    let read = try #require(log.read(from: 0, upTo: log.writtenCount).first)
    #expect(read.error.sample == long.error.sample && read.position == 1)
    #expect(read.error.message.count > 80 && long.error.message.hasPrefix(read.error.message))
  }

  @Test func randomBytesReadAsSomeEntries() throws {
    let ring = try Ring.small()
    let start = ring.geometry.eventsOffset
    var random = SplitMix64(seed: 4)
    for cursor in [1, 300, UInt64(Int64.max), UInt64(Int64.max) + 1, UInt64.max] {
      ring.fillRandomly((start + 8)..<ring.geometry.slotsOffset, &random)
      ring.store(start, cursor)
      let log = EventLog(ring)
      #expect(log.writtenCount >= 0)
      #expect(log.read(from: 0, upTo: log.writtenCount).count <= RingLayout.eventEntryCount)
      #expect(log.read(from: log.writtenCount, upTo: log.writtenCount).isEmpty)
      log.append(failure(1))
    }
  }

  @Test func entriesOfRandomBytesUnderTheirNumberReadAsSomeError() throws {
    let ring = try Ring.small()
    let start = ring.geometry.eventsOffset
    var random = SplitMix64(seed: 5)
    ring.fillRandomly((start + 8)..<ring.geometry.slotsOffset, &random)
    ring.store(start, UInt64(RingLayout.eventEntryCount))
    for number in 0..<RingLayout.eventEntryCount {
      let entry = start + RingLayout.eventHeaderByteCount + number * RingLayout.eventEntryByteCount
      ring.store(entry, UInt64(number + 1))
    }
    let log = EventLog(ring)
    #expect(log.read(from: 0, upTo: log.writtenCount).count == RingLayout.eventEntryCount)
  }
}
