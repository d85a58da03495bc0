import HeadraceRing
import HeadraceSystem
import Testing

@testable import HeadraceWorker

@Suite struct ReaderNoticeTests {
  /// What is said in three turns, the first of which comes before the patience has ended where that is endless.
  private func lines(present: Int, patience: UInt64) throws -> [String] {
    let office = try ReaderOffice(places: 3)
    office.ring.awaitedReaderCount = 3
    for place in 0..<present { _ = office.ring.join(place: place, processID: 1) }
    let log = LogDesk(.ring)
    log.open(office.ring)
    let notice = ReaderNotice(office.ring, log, path: "/tmp/readers", patience: patience)
    for _ in 0..<3 { #expect(notice.attend([])) }
    return office.ring.logLines().map { "\($0.role) \($0.level?.rawValue ?? "-") \($0.text)" }
  }

  @Test(arguments: 0..<3) func readersThatDoNotComeAreToldOfOnce(present: Int) throws {
    #expect(
      try lines(present: present, patience: 0)
        == [
          "supervisor notice still waiting for \(3 - present) of 3 readers at /tmp/readers; no batch is handed out"
            + " until all have attached"
        ])
  }

  @Test func nothingIsSaidWhereAllAreThereOrTheyMayStillCome() throws {
    #expect(try lines(present: 3, patience: 0).isEmpty)
    #expect(try lines(present: 0, patience: 1 << 60).isEmpty)
  }
}
