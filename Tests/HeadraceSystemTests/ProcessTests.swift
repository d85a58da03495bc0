import Glibc
import HeadraceSystem
import Testing

@Suite struct ProcessTests {
  @Test func aProcessThatHasRunATaskMustNotFork() async {
    await Task.detached {}.value
    #expect(ForkSafety.hazard == .dispatchStarted)
  }

  @Test func processorsAreAtLeastOneAndAtMostThoseOfTheMachine() {
    #expect(ProcessorCount.available >= 1)
    #expect(ProcessorCount.available <= Int(sysconf(Int32(_SC_NPROCESSORS_CONF))))
  }

  @Test func theAffinityMaskBoundsTheProcessors() throws {
    // proc_pid_status(5): ranges with commas between.
    let status = try #require(SmallFile.read("/proc/thread-self/status"))
    let label = "Cpus_allowed_list:"
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(label) })
    let allowed = line.dropFirst(label.count).split { ", \t".contains($0) }.flatMap { range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      return Array(ends[0]...ends[ends.count - 1])
    }
    #expect(ProcessorAffinity.allowed == allowed)
    #expect(ProcessorCount.available <= allowed.count)
  }

  @Test func resourceUsageGrows() {
    let before = ResourceUsage.current
    let threadBefore = ResourceUsage.currentThreadCPUNanoseconds
    var sum: UInt64 = 0
    while ResourceUsage.currentThreadCPUNanoseconds < threadBefore + 1_000_000 { sum &+= 1 }
    #expect(sum > 0 && before.peakResidentByteCount > 0)
    // getrusage counts in microseconds and by its own clock, so only that nothing goes back is sure.
    #expect(ResourceUsage.current.cpuNanoseconds >= before.cpuNanoseconds)
  }

  @Test func whatCannotBeReadIsNil() {
    #expect(SmallFile.read("/nowhere/at/all") == nil)
    #expect(SmallFile.read("/proc") == nil)
  }

  @Test func aSmallFileIsReadWholeUpToItsLimit() throws {
    for byteCount in [1, 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_000] {
      let file = try MemoryFile(name: "test", byteCount: byteCount)
      let mapping = try Mapping(file)
      unsafe mapping.bytes.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "x"))
      let text = try #require(SmallFile.read("/proc/self/fd/\(file.descriptor.number)"))
      #expect(text == String(repeating: "x", count: min(byteCount, 65_536)))
    }
  }
}
