import Glibc
import Testing

@testable import HeadraceSystem

@Suite struct MemoryTests {
  @Test func aMemoryFileIsReservedAndZero() throws {
    let file = try MemoryFile(name: "test", byteCount: 100_000)
    var status = stat()
    #expect(unsafe fstat(file.descriptor.number, &status) == 0)
    #expect(status.st_size == 100_000)
    // Blocks of 512 bytes that are taken now, not at the first write.
    #expect(status.st_blocks * 512 >= 100_000)
    let mapping = try Mapping(file)
    #expect(unsafe mapping.bytes.count == 100_000)
    #expect(unsafe mapping.bytes.allSatisfy { $0 == 0 })
  }

  @Test func sizesThatAreNoneAreErrorsThatNameTheCall() {
    #expect(throws: Errno("fallocate", code: EINVAL)) { _ = try MemoryFile(name: "test", byteCount: 0) }
    #expect(throws: Errno("ftruncate", code: EINVAL)) { _ = try MemoryFile(name: "test", byteCount: -1) }
  }

  @Test func aFileSizeLimitIsAnErrorAndNoSignal() async {
    await #expect(processExitsWith: .success) {
      var none = sigset_t()
      unsafe sigemptyset(&none)
      unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
      var limit = rlimit(rlim_cur: 8192, rlim_max: 8192)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      _ = try MemoryFile(name: "test", byteCount: 8192)
      do throws(Errno) {
        _ = try MemoryFile(name: "test", byteCount: 8193)
        exit(1)
      } catch {
        guard error == Errno("ftruncate", code: EFBIG) else { exit(2) }
      }
    }
  }

  @Test func twoMappingsOfAFileAreTheSameMemory() throws {
    let file = try MemoryFile(name: "test", byteCount: 8192)
    let first = try Mapping(file)
    let second = try Mapping(file)
    first.populate(0..<8192, forWriting: true)
    second.populate(0..<8192, forWriting: false)
    unsafe first.bytes[5000] = 42
    #expect(unsafe second.bytes[5000] == 42)
    // What one process may not write, another still can.
    try second.makeReadOnly(4096..<8192)
    unsafe first.bytes[5000] = 43
    unsafe second.bytes[4095] = 44
    #expect(unsafe second.bytes[5000] == 43 && first.bytes[4095] == 44)
  }

  @Test func aWriteToReadOnlyMemoryIsASegmentationFault() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let mapping = try Mapping(MemoryFile(name: "test", byteCount: 8192))
      try mapping.makeReadOnly(4096..<8192)
      unsafe mapping.bytes[4095] = 1
      unsafe mapping.bytes[4096] = 1
    }
  }

  @Test func aRangeOffThePagesCannotBeMadeReadOnly() throws {
    let mapping = try Mapping(MemoryFile(name: "test", byteCount: 8192))
    #expect(throws: Errno("mprotect", code: EINVAL)) { try mapping.makeReadOnly(1..<4096) }
  }

  @Test func availableMemoryIsSomeAndNoMoreThanThereIs() throws {
    let available = try #require(AvailableMemory.byteCount)
    let total = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    #expect(available > 0 && available <= total)
  }

  @Test func filePagesThatTheKernelDropsOnDemandCountAsAvailable() {
    let statistics = "anon 1000\nfile 5000\nshmem 500\ninactive_file 3000\nactive_file 1500\n"
    #expect(AvailableMemory.left(limit: "8000\n", used: "7000\n", statistics: statistics) == 5500)
    let older = "cache 5000\ninactive_file 1\ntotal_inactive_file 3000\ntotal_active_file 1500\n"
    #expect(AvailableMemory.left(limit: "8000", used: "7000", statistics: older) == 5500)
  }

  @Test func aControlGroupThatCannotBeReadSetsNoLimit() {
    #expect(AvailableMemory.left(limit: "8000", used: "3000", statistics: nil) == 5000)
    #expect(AvailableMemory.left(limit: "8000", used: "9000", statistics: nil) == 0)
    // Never more than the limit, whatever the statistics claim.
    #expect(AvailableMemory.left(limit: "8000", used: "3000", statistics: "inactive_file 90000") == 8000)
    #expect(AvailableMemory.left(limit: "max", used: "3000", statistics: nil) == nil)
    #expect(AvailableMemory.left(limit: nil, used: "3000", statistics: nil) == nil)
    #expect(AvailableMemory.left(limit: "8000", used: nil, statistics: nil) == nil)
  }
}
