import Glibc
import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceWorker

/// Whoever connects to a supervisor may be no reader: it goes on, keeps nothing, and waits for nobody.
@Suite struct ReaderDeskTests {
  enum Nonsense: CaseIterable {
    case nothing, zero, unknownForm, noJSON, otherVersion, tooLong, hugeFile, pipe, manyFiles
  }

  @Test(arguments: Nonsense.allCases) func whatIsNoRequestIsRefusedAndNothingOfItIsKept(nonsense: Nonsense) throws {
    let watchdog = Watchdog("\(nonsense)")
    defer { watchdog.cancel() }
    let office = try ReaderOffice()
    let visitor = try office.visitor()
    let pipe = try Pipe()
    // A pipe that nobody writes to blocks whoever reads it.
    _ = fcntl(pipe.readEnd.number, F_SETFL, 0)
    let socket = visitor.socket.descriptor.number
    switch nonsense {
    case .nothing: RawMessage.send([], [], to: socket)
    case .zero: RawMessage.send([0], [], to: socket)
    case .unknownForm: RawMessage.send([9, 1, 2], [], to: socket)
    case .noJSON: try visitor.socket.send(Array("place 1".utf8))
    case .otherVersion: try visitor.socket.send(Array("{\"version\":4}".utf8))
    case .tooLong: RawMessage.send([UInt8](repeating: 1, count: 100_000), [], to: socket)
    case .hugeFile:
      // As a message that is not short, and says that it has 2^40 bytes.
      let file = try GrowingMemoryFile(name: "huge")
      #expect(ftruncate(file.descriptor.number, 1 << 40) == 0)
      RawMessage.send([0], [file.descriptor.number], to: socket)
    case .pipe: RawMessage.send([0], [pipe.readEnd.number], to: socket)
    case .manyFiles: RawMessage.send([1], Array(repeating: pipe.readEnd.number, count: 250), to: socket)
    }
    office.settle()
    let answer = visitor.answer
    if nonsense == .nothing { #expect(answer == "end") } else { #expect(answer.contains("of layout version")) }
    #expect(office.desk.descriptors.count == 1 && office.readerCount == 0)
    let reader = try office.visitor()
    try reader.ask()
    office.settle()
    #expect(reader.answer == "welcome")
  }

  @Test func aCrowdThatSaysNothingKeepsNobodyOutAndIsBounded() throws {
    let office = try ReaderOffice()
    let limit = ReaderDesk.silentLimit
    // As many as wait to be accepted, at most: see `man 2 listen`.
    let crowd = try (0..<limit + 10).map { _ in try office.visitor() }
    let reader = try office.visitor()
    try reader.ask()
    office.settle()
    #expect(reader.answer == "welcome")
    for visitor in crowd.prefix(10) { #expect(visitor.answer.hasPrefix("limitExceeded Process \(getpid()) has ")) }
    for visitor in crowd.dropFirst(10) { #expect(visitor.answer == "nothing") }
    // Its own, one for each of the crowd, and connection and process of the reader.
    #expect(office.desk.descriptors.count == 1 + limit + 2)
    // The last of them asks, and has waited long enough.
    try crowd[limit + 9].ask()
    office.settle()
    #expect(crowd[limit + 9].answer == "welcome")
  }

  @Test func whoDoesNotAskInTimeIsLetGoOf() throws {
    let office = try ReaderOffice(patience: 1_000_000)
    let visitor = try office.visitor()
    _ = office.desk.attend(Poll.wait(anyOf: office.desk.descriptors))
    let due = try #require(office.desk.due)
    _ = Poll.wait(-1, until: due)
    _ = office.desk.attend([])
    #expect(
      visitor.answer.contains("timedOut Process \(getpid()) has connected to the loader at \(office.path), and not"))
    #expect(visitor.answer == "end")
    #expect(office.desk.due == nil && office.desk.descriptors.count == 1)
    // Whoever has a place may say nothing for as long as it likes.
    let reader = try office.visitor()
    try reader.ask()
    office.settle()
    #expect(office.desk.due == nil && office.readerCount == 1)
  }

  @Test func atTheLimitOfFilesThoseGiveWayWhoSayNothing() async {
    await #expect(processExitsWith: .success) {
      guard let office = try? ReaderOffice(), let first = try? office.visitor() else { exit(1) }
      // The first of all is silent too, and all of it is there already.
      var crowd = [first]
      for _ in 0..<9 { if let visitor = try? office.visitor() { crowd.append(visitor) } }
      guard let reader = try? office.visitor(), (try? reader.ask()) != nil else { exit(2) }
      // The supervisor may open so many more: two of the crowd, or a reader. What this process has been left by another
      // may leave gaps between the numbers.
      var (top, free) = (Int32(0), 0)
      while free < 3 {
        if fcntl(top, F_GETFD) == -1 { free += 1 }
        top += 1
      }
      var limit = rlimit(rlim_cur: rlim_t(top), rlim_max: rlim_t(top))
      guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { exit(3) }
      office.settle()
      guard office.readerCount == 1 else { exit(4) }
    }
  }

  @Test func whatAReaderSaysMoreThanOnceChangesNothing() throws {
    let office = try ReaderOffice()
    let reader = try office.visitor()
    try reader.ask()
    office.settle()
    for _ in 0..<100 { try reader.socket.send([]) }
    RawMessage.send([0], [reader.socket.descriptor.number], to: reader.socket.descriptor.number)
    office.settle()
    #expect(office.readerCount == 1 && office.ring.activeReaders.isEmpty)
  }
}
