import HeadraceRing
import Testing

@testable import HeadraceWorker

/// A place for a reader, for people.
@Suite struct ReaderStatusTests {
  @Test func descriptionIsOneLineWithAllThatIsKnown() throws {
    let office = try ReaderOffice()
    var status = ReaderStatus(office.ring, place: 1)
    #expect("\(status)" == "place 1: free, 0 batches taken, 0 held, waited 0.0 us")
    (status.processID, status.isActive) = (4711, true)
    (status.takenCount, status.heldCount, status.waitSeconds) = (1, 2, 3.2)
    #expect("\(status)" == "place 1: process 4711, 1 batch taken, 2 held, waited 3.20 s")
    status.isActive = false
    #expect("\(status)" == "place 1: process 4711, which has left, 1 batch taken, 2 held, waited 3.20 s")
  }
}
