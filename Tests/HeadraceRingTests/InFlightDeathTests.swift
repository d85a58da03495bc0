import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadraceRing

/// A worker is killed after any instruction while it notes what it does.
@Suite struct InFlightDeathTests {
  /// What a lane has noted before, if anything.
  enum Before: CaseIterable { case nothing, sameStage, otherStage, ended }

  @Test(arguments: Before.allCases, [nil, "short", String(repeating: "long/", count: 20)])
  func aWorkerThatIsKilledWhileItNotesASampleWasAtTheOneBeforeOrAtNothingOrAtThisOne(
    before: Before, key: String?
  ) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let ring = try Ring.small()
    let table = InFlightTable(ring)
    func begin() {
      table.begin(
        lane: 0, stage: 1, name: "decode", epoch: 1, position: 222, sample: key.map { SampleID(key: $0) })
    }
    func prepare() {
      table.clear()
      guard before != .nothing else { return }
      let (stage, name) = before == .otherStage ? (0, "a stage of a long name") : (1, "decode")
      table.begin(lane: 0, stage: stage, name: name, epoch: 0, position: 111, sample: SampleID(key: "sample before"))
      if before == .ended { table.end(lane: 0) }
    }
    begin()
    let after = table.entries
    prepare()
    let earlier = table.entries
    var states = Set<[InFlightTable.Entry]>()
    try SingleSteps.run(begin) { states.insert(table.entries) }
    #expect(states == [earlier, [], after])
  }
}
