import Headrace
import Testing

/// The pipeline and the ring do not know each other: that the limits of one suit the other is found here.
@Suite struct LimitTests {
  @Test func theRingHasStatisticsForAsManyStagesAsAPlanMayHave() {
    #expect(PipelinePlan.maximumStageCount == RingLayout.statisticsEntryCount)
  }

  @Test func theRingSaysWhatEachOfTheMostThreadsIsAt() {
    #expect(PipelinePlan.maximumThreadCount == RingLayout.inFlightEntryCount)
  }

  @Test(arguments: [(RingLayout.statisticsEntry, "name"), (RingLayout.inFlightEntry, "stage_name")])
  func theLongestNameOfAStageFitsWithTheZeroThatEndsIt(entry: [RingLayout.Field], name: String) throws {
    let field = try #require(entry.first { $0.name == name })
    #expect(PipelinePlan.maximumNameByteCount < field.byteCount)
  }
}
