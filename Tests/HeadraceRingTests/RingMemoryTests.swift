import Glibc
import HeadraceCore
import HeadraceSystem
import Testing

@testable import HeadraceRing

/// Too little memory is an error at the start, with the sizes in it, and never a signal later.
@Suite struct RingMemoryTests {
  @Test func aRingLargerThanTheMachineNamesBothSizes() throws {
    let available = try #require(AvailableMemory.byteCount)
    let geometry = try RingGeometry(slotCount: 4096, maximumRows: 1, payloadByteCount: 1 << 40)
    let error = #expect(throws: HeadraceError.self) { try Ring(geometry) }
    #expect(error?.code == .outOfMemory)
    let message = try #require(error?.message)
    #expect(
      message.hasPrefix("A ring of 4096 slots of 1.1 TB needs 4,504 TB of memory and "))
    #expect(message.hasSuffix(" are available; lower slots, BatchSpec.size or the tensors' shapes."))
    // The number in the message is what was available, which changes from moment to moment.
    #expect(message.contains(/memory and [0-9.,]+ [kMGT]?B are available;/) && available < geometry.byteCount)
  }

  @Test func theLargestRingThatCanBeDescribedIsRefusedWithoutOverflow() throws {
    let geometry = try RingGeometry(
      slotCount: RingGeometry.maximumSlotCount, maximumRows: BatchSpec.maximumSize, payloadByteCount: 1 << 46)
    #expect(throws: HeadraceError.self) { try Ring(geometry) }
  }

  @Test func aLimitOnTheSizeOfFilesIsAnErrorAndNoSignal() async {
    await #expect(processExitsWith: .success) {
      // setrlimit(2): a file that grows beyond RLIMIT_FSIZE brings SIGXFSZ, which ends a process, unless the thread has
      // it blocked as those of Dispatch have.
      var none = sigset_t()
      unsafe sigemptyset(&none)
      unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      try expectOutOfMemory(cause: "ftruncate: EFBIG (File too large)")
    }
  }

  @Test func aLimitOnTheAddressSpaceIsAnError() async {
    await #expect(processExitsWith: .success) {
      let pages = try #require(SmallFile.read("/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) })
      let bytes = UInt(pages * 4096 + 16 << 20)
      var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      try expectOutOfMemory(cause: "mmap: ENOMEM (Cannot allocate memory)")
    }
  }

  @Test(arguments: [false, true]) func aRingIsReservedAtOnceOrItsSlotsLater(later: Bool) throws {
    let geometry = try RingGeometry(slotCount: 5, maximumRows: 1, payloadByteCount: 100_000)
    let ring = try Ring(geometry, keepsFile: true, reservesLater: later)
    let file = try #require(ring.descriptors(forReader: 0)?.first)
    func allocated(_ file: Int32) -> Int {
      var status = stat()
      unsafe fstat(file, &status)
      return Int(status.st_blocks)
    }
    // Some systems give shared memory in huge pages, which are more than was asked for.
    let part = try MemoryFile(
      name: "test", byteCount: geometry.byteCount, reserving: later ? geometry.slotsOffset : geometry.byteCount)
    #expect(allocated(file) == allocated(part.descriptor.number))
    try ring.reserveSlots()
    let whole = try MemoryFile(name: "test", byteCount: geometry.byteCount)
    #expect(allocated(file) == allocated(whole.descriptor.number))
  }

  @Test func noDescriptorsLeftIsAnErrorOfItsOwn() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 3, rlim_max: 3)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      do throws(HeadraceError) {
        _ = try Ring.small()
        exit(1)
      } catch {
        guard error.code == .systemCall, error.cause?.hasPrefix("memfd_create: EMFILE") == true else { exit(2) }
      }
    }
  }

  @Test func ringsGiveTheirDescriptorsAndMemoryBack() async {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 32, rlim_max: 32)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      // Three descriptors each: without giving back, the twelfth ring would fail.
      for _ in 0..<500 { _ = try Ring.small() }
      for _ in 0..<500 {
        let tooLarge = try RingGeometry(slotCount: 4096, maximumRows: 1, payloadByteCount: 1 << 40)
        if (try? Ring(tooLarge)) != nil { exit(1) }
      }
      _ = try Ring.small()
    }
  }

  @Test func aPopulatedRingReadsAsZerosAndItsSlotsCanBeMadeReadOnly() throws {
    let ring = try Ring.small()
    ring.populate(forWriting: true)
    let payload = ring.payloadRange(1)
    #expect(ring.load(payload.lowerBound, as: UInt64.self) == 0)
    #expect(ring.load(payload.upperBound - 8, as: UInt64.self) == 0)
    let producer = RingProducer(ring)
    var consumer = RingConsumer(ring)
    try producer.publish(1)
    try ring.makeSlotsReadOnly()
    ring.populate(forWriting: false)
    // Everything that a consumer does works with slots that it cannot write.
    let held = try consumer.take()
    #expect(try held.number == 1)
    consumer.request(epoch: 1)
  }

  @Test func aWriteToReadOnlySlotsEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let ring = try Ring.small()
      try ring.makeSlotsReadOnly()
      ring.store(ring.payloadRange(0).lowerBound, UInt8(1))
    }
  }

  @Test func theHeaderSaysWhatTheGeometryIs() throws {
    let ring = try Ring.small(slots: 3, rows: 300, payload: 10_000)
    #expect(ring.load(RingLayout.magicOffset, as: UInt64.self) == RingLayout.magic)
    #expect((0..<8).map { ring.load($0, as: UInt8.self) } == Array("HEADRACE".utf8))
    #expect(ring.load(RingLayout.versionOffset, as: UInt32.self) == RingLayout.version)
    #expect(ring.load(RingLayout.slotCountOffset, as: UInt32.self) == 3)
    #expect(ring.load(RingLayout.maximumRowsOffset, as: UInt32.self) == 300)
    #expect(ring.load(RingLayout.slotStrideOffset, as: UInt64.self) == UInt64(ring.geometry.slotStride))
    #expect(ring.load(RingLayout.payloadCapacityOffset, as: UInt64.self) == 12_288)
  }
}

/// Ends the process unless a ring of 64 MiB is an `outOfMemory` error of this cause that names the sizes.
private func expectOutOfMemory(cause: String) throws {
  let geometry = try RingGeometry(slotCount: 4, maximumRows: 1, payloadByteCount: 16 << 20)
  do throws(HeadraceError) {
    _ = try Ring(geometry)
    exit(1)
  } catch {
    guard error.code == .outOfMemory else { exit(2) }
    guard error.cause == cause else { exit(3) }
    guard error.message.contains("needs \(HumanUnits.bytes(geometry.byteCount)) of memory") else { exit(4) }
  }
}
