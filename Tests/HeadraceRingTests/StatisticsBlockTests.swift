import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// Statistics and the in-flight table, read back by whoever maps the ring.
@Suite struct StatisticsBlockTests {
  private func stage(_ number: Int, name: String = "stage") -> StageStatistics {
    let value = Double(number)
    return StageStatistics(
      name: name, concurrency: number, taskCount: number + 1, failureCount: number + 2, filteredCount: number + 3,
      retryCount: number + 4, timeoutCount: number + 5, quarantinedCount: number + 6, activeCount: number + 7,
      elapsedSeconds: value + 0.25, taskSeconds: value + 0.5, taskSecondsP50: value + 1, taskSecondsP90: value + 2,
      taskSecondsP99: value + 3, busy: value / 7, blocked: value / 11, starved: value / 13,
      output: QueueStatistics(
        itemCount: number + 8, byteCount: number + 9, elapsedSeconds: value + 4, putSeconds: value + 5,
        putSecondsP90: value + 6, putSecondsP99: value + 7, getSeconds: value + 8, getSecondsP90: value + 9,
        getSecondsP99: value + 10, queueSeconds: value + 11, occupancy: value / 17))
  }

  @Test func statisticsReadBackAsWritten() throws {
    let block = StatisticsBlock(try Ring.small())
    #expect(block.read() == [])
    for count in [1, 5, RingLayout.statisticsEntryCount, 2, 0] {
      let stages = (0..<count).map { stage($0 * 1000, name: "stage \($0)") }
      block.write(stages)
      #expect(block.read() == stages)
    }
  }

  @Test func stagesBeyondTheBlockAreLeftOut() throws {
    let block = StatisticsBlock(try Ring.small())
    let stages = (0..<100).map { stage($0) }
    block.write(stages)
    #expect(block.read() == Array(stages.prefix(RingLayout.statisticsEntryCount)))
  }

  @Test func aLongNameOfAStageIsCutBetweenCharacters() throws {
    let block = StatisticsBlock(try Ring.small())
    block.write([stage(1, name: "a" + String(repeating: "水", count: 30))])
    #expect(block.read().map(\.name) == ["a" + String(repeating: "水", count: 20)])
  }

  @Test func aWriterKilledInTheActHidesNothing() throws {
    let ring = try Ring.small()
    let block = StatisticsBlock(ring)
    block.write([stage(1)])
    unsafe ring.atomic64(ring.geometry.statisticsOffset).pointee.add(1, ordering: .relaxed)
    #expect(block.read() == [stage(1)])
  }

  @Test func theNextWriterMendsALockThatAKilledOneLeftOdd() throws {
    let ring = try Ring.small()
    let block = StatisticsBlock(ring)
    let lock = unsafe ring.atomic64(ring.geometry.statisticsOffset)
    for left in [1, 3, UInt64.max] {
      unsafe lock.pointee.store(left, ordering: .relaxed)
      block.write([stage(2)])
      let after = unsafe lock.pointee.load(ordering: .relaxed)
      #expect(after % 2 == 0, "after a lock of \(left)")
      #expect(block.read() == [stage(2)])
    }
  }

  @Test func randomBytesReadAsSomeStatistics() throws {
    let ring = try Ring.small()
    let geometry = ring.geometry
    var random = SplitMix64(seed: 2)
    for _ in 0..<20 {
      ring.fillRandomly(geometry.statisticsOffset..<geometry.eventsOffset, &random)
      let stages = StatisticsBlock(ring).read()
      #expect(stages.count <= RingLayout.statisticsEntryCount)
      // And whatever they are, they can be shown.
      #expect(!"\(StatisticsTable(stages.since(stages.reversed())))\(StatisticsLog(stages))".isEmpty)
      #expect(!"\(PrometheusText(stages))\(BottleneckVerdict(of: stages, threads: 2, waitShare: 0.5))".isEmpty)
    }
  }
}

@Suite struct InFlightTableTests {
  @Test func everyLaneReadsBackUntilItEnds() throws {
    let table = InFlightTable(try Ring.small())
    #expect(table.entries == [])
    for lane in 0..<RingLayout.inFlightEntryCount {
      table.begin(
        lane: lane, stage: lane % 3, name: "stage \(lane % 3)", epoch: lane * 7, position: lane * 10,
        sample: lane % 2 == 0 ? SampleID(key: "key \(lane)") : nil)
    }
    #expect(
      table.entries
        == (0..<RingLayout.inFlightEntryCount).map { lane -> InFlightTable.Entry in
          InFlightTable.Entry(
            stageName: "stage \(lane % 3)", epoch: lane * 7, position: lane * 10,
            key: lane % 2 == 0 ? "key \(lane)" : nil)
        })
    for lane in stride(from: 0, to: RingLayout.inFlightEntryCount, by: 2) { table.end(lane: lane) }
    #expect(table.entries.count == RingLayout.inFlightEntryCount / 2)
    #expect(table.entries.allSatisfy { $0.key == nil })
  }

  @Test func lanesBeyondTheTableAreNotNoted() throws {
    let table = InFlightTable(try Ring.small())
    for lane in [-1, RingLayout.inFlightEntryCount, Int.max] {
      table.begin(lane: lane, stage: 0, name: "s", epoch: 0, position: 0, sample: nil)
      table.end(lane: lane)
    }
    #expect(table.entries == [])
  }

  @Test func aLaneThatGoesOnShowsTheNewSampleAndNothingOfTheOld() throws {
    let table = InFlightTable(try Ring.small())
    table.begin(
      lane: 0, stage: 0, name: "a long name of a stage", epoch: 0, position: 1, sample: SampleID(key: "long key"))
    table.begin(lane: 0, stage: 0, name: "a long name of a stage", epoch: 0, position: 2, sample: SampleID(key: "k"))
    #expect(table.entries == [.init(stageName: "a long name of a stage", epoch: 0, position: 2, key: "k")])
    table.begin(lane: 0, stage: 1, name: "b", epoch: 0, position: 3, sample: nil)
    #expect(table.entries == [.init(stageName: "b", epoch: 0, position: 3, key: nil)])
  }

  @Test func longTextsAreCutBetweenCharacters() throws {
    let table = InFlightTable(try Ring.small())
    let key = "x" + String(repeating: "水", count: 40)
    table.begin(
      lane: 0, stage: 0, name: String(repeating: "é", count: 30), epoch: 0, position: 0,
      sample: SampleID(key: key + "z"))
    // Of a key the end is kept, which tells siblings apart.
    #expect(
      table.entries
        == [
          .init(
            stageName: String(repeating: "é", count: 19), epoch: 0, position: 0,
            key: String(repeating: "水", count: 21) + "z")
        ])
  }

  @Test func randomBytesReadAsSomeEntries() throws {
    let ring = try Ring.small()
    var random = SplitMix64(seed: 3)
    for _ in 0..<20 {
      ring.fillRandomly(ring.geometry.inFlightOffset..<ring.geometry.statisticsOffset, &random)
      #expect(InFlightTable(ring).entries.count <= RingLayout.inFlightEntryCount)
    }
  }
}

extension Ring {
  /// Overwrites memory as a program gone wild would.
  func fillRandomly(_ range: Range<Int>, _ random: inout SplitMix64) {
    for offset in range { store(offset, UInt8.random(in: 0...255, using: &random)) }
  }
}
