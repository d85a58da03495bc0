import Glibc
import HeadraceTestSupport
import Testing

@testable import HeadraceSystem

/// What /proc says of a process, from texts that were made up and from processes that live.
@Suite struct ProcessResourcesTests {
  private func resources(status: String) -> ProcessResources? {
    var resources = ProcessResources(processID: 7, startNanoseconds: 1)
    let bytes = Array(status.utf8)
    return resources.addStatus(bytes.span) ? resources : nil
  }

  /// State, faults, times and so on, in the order of the stat file.
  private func status(name: String, state: String = "S", threads: String = "9", start: String = "138591") -> String {
    "7 (\(name)) \(state) 3 7 7 -1 -1 4194304 1201 55 17 3 250 50 900 800 -20 -19 \(threads) 0 \(start) 3133440 414"
      + " 18446744073709551615 9 9 9 9 9 9 0 0 0 0 17 1 0 0 0 0 0\n"
  }

  @Test(arguments: [
    "headrace-worker", "", " ", ")", "(", "a) R 1 2 3 (b", ") Z 0 0 0", "a b  c", "line\nfeed", "((((", "))))",
    "é\u{7}",
  ]) func theNameOfAProcessMovesNoField(name: String) throws {
    let found = try #require(resources(status: status(name: name)))
    #expect(found.minorFaultCount == 1201)
    #expect(found.majorFaultCount == 17)
    #expect(found.cpuNanoseconds == 300 * BootClock.tickNanoseconds)
    #expect(found.threadCount == 9)
    #expect(found.startNanoseconds == 138_591 * BootClock.tickNanoseconds)
    #expect(found.residentByteCount == 414 * Int(sysconf(Int32(_SC_PAGESIZE))))
    #expect(!found.hasEnded)
    #expect(found.pssByteCount == nil && found.privateByteCount == nil)
    #expect(found.diskReadByteCount == nil && found.diskWrittenByteCount == nil && found.descriptorCount == nil)
  }

  @Test func aTextThatIsCutAnywhereIsNoStatus() throws {
    let whole = status(name: "a) (b")
    // Up to the resident pages, of which the first digit is a number too.
    let end = try #require(whole.firstRange(of: "414 ")).lowerBound
    for count in 0...whole.distance(from: whole.startIndex, to: end) {
      #expect(resources(status: String(whole.prefix(count))) == nil, "\(count) characters")
    }
    #expect(resources(status: whole) != nil)
  }

  @Test func whatIsNoNumberIsNoStatus() {
    for bad in ["-1", "x", "9x", "18446744073709551616", "99999999999999999999999"] {
      #expect(resources(status: status(name: "a", threads: bad)) == nil, "\(bad)")
      #expect(resources(status: status(name: "a", start: bad)) == nil, "\(bad)")
    }
  }

  @Test func countersBeyondTheirUnitAreTheLargestNumber() throws {
    let found = try #require(resources(status: status(name: "a", start: "18446744073709551615")))
    #expect(found.startNanoseconds == .max)
  }

  @Test func aProcessHasEndedWhenItsLastThreadHas() throws {
    #expect(try #require(resources(status: status(name: "a", state: "Z", threads: "1"))).hasEnded)
    #expect(try #require(resources(status: status(name: "a", state: "X", threads: "0"))).hasEnded)
    // The first thread has ended and waits for the others.
    #expect(try !#require(resources(status: status(name: "a", state: "Z", threads: "3"))).hasEnded)
  }

  @Test func memoryIsTakenWholeOrNotAtAll() {
    func memory(_ text: String) -> [Int?] {
      var resources = ProcessResources(processID: 7, startNanoseconds: 1)
      resources.addMemory(Array(text.utf8).span)
      return [resources.residentByteCount, resources.pssByteCount, resources.privateByteCount]
    }
    let whole = """
      5587590dd000-7ffe3380b000 ---p 00000000 00:00 0                          [rollup]
      Rss:                1768 kB
      Pss_Dirty:           112 kB
      Pss:                 400 kB
      Shared_Clean:       1592 kB
      Private_Clean:        64 kB
      Private_Dirty:       112 kB

      """
    #expect(memory(whole) == [1768 * 1024, 400 * 1024, 176 * 1024])
    #expect(memory(String(whole.dropLast("Private_Dirty:       112 kB\n".count))) == [0, nil, nil])
    #expect(memory("") == [0, nil, nil])
  }

  @Test func diskBytesAreThoseOfStorage() {
    func disk(_ text: String) -> [Int?] {
      var resources = ProcessResources(processID: 7, startNanoseconds: 1)
      resources.addDisk(Array(text.utf8).span)
      return [resources.diskReadByteCount, resources.diskWrittenByteCount]
    }
    #expect(
      disk(
        "rchar: 7275\nwchar: 299\nsyscr: 12\nsyscw: 1\nread_bytes: 8192\nwrite_bytes: 4096\ncancelled_write_bytes: 1\n")
        == [8192, 4096])
    #expect(disk("rchar: 7275\n") == [nil, nil])
    #expect(disk("read_bytes: -1\nwrite_bytes:") == [nil, nil])
  }

  @Test func thisProcessShowsAllFigures() throws {
    let found = try ProcessResources(processID: getpid())
    let pss = try #require(found.pssByteCount)
    #expect(try #require(found.privateByteCount) > 0)
    #expect(try #require(found.privateByteCount) <= pss)
    #expect(pss <= found.residentByteCount)
    #expect(try #require(found.diskReadByteCount) >= 0)
    #expect(try #require(found.diskWrittenByteCount) >= 0)
    #expect(try #require(found.descriptorCount) > 0)
    #expect(found.threadCount > 0 && found.minorFaultCount > 0 && !found.hasEnded)
    #expect(found.startNanoseconds < BootClock.now)
    // The same process has the same start at each reading.
    #expect(try ProcessResources(processID: getpid(), withPSS: false).startNanoseconds == found.startNanoseconds)
  }

  @Test func withoutPSSOnlyTheDearFiguresAreMissing() throws {
    let found = try ProcessResources(processID: getpid(), withPSS: false)
    #expect(found.pssByteCount == nil && found.privateByteCount == nil)
    #expect(found.residentByteCount > 0 && found.diskReadByteCount != nil)
  }

  @Test func countersNeverGoBackward() throws {
    var last = try ProcessResources(processID: getpid(), withPSS: false)
    for _ in 0..<500 {
      let next = try ProcessResources(processID: getpid(), withPSS: false)
      #expect(next.cpuNanoseconds >= last.cpuNanoseconds)
      #expect(next.minorFaultCount >= last.minorFaultCount && next.majorFaultCount >= last.majorFaultCount)
      #expect(try #require(next.diskReadByteCount) >= (try #require(last.diskReadByteCount)))
      last = next
    }
  }

  @Test func descriptorsAreCountedAndAReadingKeepsNone() async {
    await #expect(processExitsWith: .success) {
      var buffer: [UInt8] = []
      func count() throws -> Int { try ProcessResources(processID: getpid(), buffer: &buffer).descriptorCount ?? -1 }
      // Threads of the testing library open and close files meanwhile, few and not for long.
      let before = try count()
      for _ in 0..<1_000 { _ = try count() }
      guard try count() < before + 100 else { exit(1) }
      var isSeen = false
      for _ in 0..<1_000 where !isSeen {
        let before = try count()
        let signal = try EventSignal()
        isSeen = try count() == before + 1
        signal.signal()
      }
      guard isSeen else { exit(2) }
    }
  }

  @Test func aProcessThatHasEndedKeepsItsCountersUntilItIsReaped() throws {
    let child = try Spawned("/bin/sh", ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"])
    child.waitWithoutReaping()
    let ended = try ProcessResources(processID: child.processID)
    #expect(ended.hasEnded && ended.cpuNanoseconds > 0)
    #expect(ended.residentByteCount == 0 && ended.pssByteCount == nil && ended.threadCount == 0)
    child.reap()
    let file = "/proc/\(child.processID)/stat"
    #expect(throws: Errno("open \(file)", code: ESRCH)) { try ProcessResources(processID: child.processID) }
  }

  @Test(arguments: [0, -1, .max, .min] as [Int32]) func aNumberThatNoProcessHasIsNamedInTheError(number: Int32) {
    let error = #expect(throws: Errno.self) { try ProcessResources(processID: number) }
    #expect(error?.description == "open /proc/\(number)/stat: ESRCH (No such process)")
  }

  /// Only the superuser can become somebody else.
  @Test(.enabled(if: getuid() == 0)) func ofAProcessOfAnotherUserWhatMayNotBeReadIsNil() async {
    await #expect(processExitsWith: .success) {
      let parent = getppid()
      guard setgid(65_534) == 0, setuid(65_534) == 0 else { exit(1) }
      let found = try ProcessResources(processID: parent)
      guard found.pssByteCount == nil, found.privateByteCount == nil, found.diskReadByteCount == nil else { exit(2) }
      guard found.cpuNanoseconds > 0, found.residentByteCount > 0, found.threadCount > 0 else { exit(3) }
    }
  }
}
