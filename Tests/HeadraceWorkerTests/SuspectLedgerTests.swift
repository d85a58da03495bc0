import HeadraceCore
import HeadracePipeline
import Testing

@testable import HeadraceRing
@testable import HeadraceWorker

@Suite struct SuspectLedgerTests {
  private static let stages =
    Pipeline(from: 0..<1).map("decode") { $0 }.batch("collate", BatchSpec(size: 1)) { _, _ in }.stages

  private func entry(
    _ position: Int, stage: String = "decode", epoch: Int = 0, key: String? = nil
  ) -> InFlightTable.Entry {
    InFlightTable.Entry(stageName: stage, epoch: epoch, position: position, key: key)
  }

  @Test func twoDeathsAloneAfterOneInCompanyConvict() {
    var ledger = SuspectLedger(Self.stages)
    ledger.died(atWork: [entry(3), entry(4), entry(1, stage: "collate")], epoch: 0)
    #expect(ledger.suspects.count == 3 && ledger.convictedCount == 0)
    ledger.died(atWork: [entry(4)], epoch: 0)
    #expect(ledger.convictedCount == 0)
    ledger.died(atWork: [entry(4)], epoch: 0)
    #expect(ledger.suspects.filter(\.isConvicted).map(\.position) == [4])
  }

  @Test func deathsInCompanyNeverConvict() {
    var ledger = SuspectLedger(Self.stages)
    for _ in 0..<50 { ledger.died(atWork: [entry(3), entry(4)], epoch: 0) }
    #expect(ledger.convictedCount == 0)
  }

  @Test func aSourceThatReadsIsNoCompanyAndNoSuspect() {
    var ledger = SuspectLedger(Self.stages)
    for _ in 0..<3 { ledger.died(atWork: [entry(9, stage: "source"), entry(4)], epoch: 0) }
    #expect(ledger.suspects.map(\.position) == [4])
    #expect(ledger.convictedCount == 1)
  }

  @Test func aSampleIsOneOfItsStageAndEpoch() {
    var ledger = SuspectLedger(Self.stages)
    ledger.died(atWork: [entry(4)], epoch: 0)
    ledger.died(atWork: [entry(4, stage: "collate")], epoch: 0)
    ledger.died(atWork: [entry(4, epoch: 1)], epoch: 0)
    #expect(ledger.convictedCount == 0 && ledger.suspects.count == 3)
  }

  @Test func whatIsOfAnEpochThatIsOverIsForgottenUnlessItHasANameAndIsConvicted() {
    var ledger = SuspectLedger(Self.stages)
    for _ in 0..<3 { ledger.died(atWork: [entry(4, key: "a.png")], epoch: 0) }
    for _ in 0..<3 { ledger.died(atWork: [entry(5)], epoch: 0) }
    ledger.died(atWork: [entry(6, key: "b.png")], epoch: 0)
    #expect(ledger.convictedCount == 2 && ledger.suspects.count == 3)
    ledger.died(atWork: [], epoch: 1)
    #expect(ledger.suspects.map(\.key) == ["a.png"])
  }
}
