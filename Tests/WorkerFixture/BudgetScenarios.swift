import Glibc
import Headrace
import HeadraceSystem

/// What a limit on bytes comes to in memory: `budget SHUFFLE`.
enum BudgetScenarios {
  /// Samples of 64 kB, so many of them in a shuffle, that are decoded to 4 MB.
  static func peak(_ scenario: Scenario) throws {
    returnFreedMemory(scenario)
    let limit = 64 << 20
    let largest = 4 << 20
    let pipeline = Pipeline(from: 0..<600)
      .map("read", concurrency: 2) { number in [UInt8](repeating: UInt8(number & 0xff), count: 64 << 10) }
      .shuffle(size: scenario.number(0), seed: 1)
      .map("decode", concurrency: 4) { bytes in [UInt8](repeating: bytes[0], count: largest) }
      .map("look", concurrency: 2) { $0 }
      .limits(bytes: limit)
    var elements = try pipeline.run(threads: 4, epochs: 2)
    let before = ResourceUsage.current.peakResidentByteCount
    var count = 0
    for _ in 0..<2 {
      while try elements.next() != nil { count += 1 }
    }
    emit("count", count)
    emit("beyond", ResourceUsage.current.peakResidentByteCount - before - limit - largest)
  }

  /// Begins again with an allocator that gives back to the system whatever is freed: what others keep for later is no
  /// matter of the engine's.
  private static func returnFreedMemory(_ scenario: Scenario) {
    guard unsafe getenv("MALLOC_MMAP_THRESHOLD_") == nil else { return }
    unsafe setenv("MALLOC_MMAP_THRESHOLD_", "32768", 1)
    var arguments: [UnsafeMutablePointer<CChar>?] =
      unsafe (["WorkerFixture", "budget"] + scenario.arguments)
      .map { unsafe strdup($0) } + [nil]
    unsafe execv("/proc/self/exe", &arguments)
    fatalError("execv: error \(errno)")
  }
}
