import Headrace
import HeadraceSystem

/// A trainer with a loader of one placement: a process of its own for each, so that none finds what another has left.
///
/// Prints lines of a word and numbers, which `NeighbourTrial` reads.
enum NeighbourChild {
  /// What the loader is asked for.
  enum Demand {
    /// All that it can make: whatever is there is taken at each step, and none waited for.
    case all
    /// One batch a step.
    case batch
  }

  /// Steps before those that are measured: until all slots have been written once, and their pages are there.
  private static let warmUpSteps = 25

  /// Batches that the trainer is to wait for, in each process.
  private static let wakeCount = 150

  /// Prints rounds of the host's work for a launch, and samples per second that the loader makes when it is alone.
  static func calibrate() throws {
    print("rounds \(SimulatedStep.calibrate())")
    var batches = try NeighbourPlacement.subprocess.start(NeighbourPipeline(batchSize: 16))
    for _ in 0..<20 { _ = try batches.next() }
    let start = MonotonicClock.now
    var count = 0
    while MonotonicClock.now - start < 1_500_000_000, let batch = try batches.next() { count += batch.count }
    print("capacity \(Double(count) / (Double(MonotonicClock.now - start) / 1e9))")
  }

  static func run(
    _ placement: NeighbourPlacement, rounds: Int, batchSize: Int, demand: Demand, steps: Int
  ) throws {
    var step = SimulatedStep(rounds: rounds)
    if placement == .cached || placement == .idleLoops {
      let loops = placement == .cached ? [] : try (0..<Machine.current.cores).map { _ in try IdleLoop() }
      func cpuNanoseconds() -> UInt64 { loops.reduce(0) { $0 + $1.cpuNanoseconds } }
      for _ in 0..<warmUpSteps { step.run() }
      let begun = MonotonicClock.now
      let cpu = cpuNanoseconds()
      measure(steps) { step.run() }
      if !loops.isEmpty {
        print("loader \(Double(cpuNanoseconds() - cpu) / Double(MonotonicClock.now - begun)) 0")
      }
      return
    }
    var batches = try placement.start(NeighbourPipeline(batchSize: batchSize))
    for _ in 0..<warmUpSteps {
      _ = try take(&batches, demand)
      step.run()
    }
    let begun = MonotonicClock.now
    let cpu = loaderCPUNanoseconds(placement, batches)
    var samples = 0
    try measure(steps) {
      samples += try take(&batches, demand)
      step.run()
    }
    let seconds = Double(MonotonicClock.now - begun) / 1e9
    let used = Double(loaderCPUNanoseconds(placement, batches) - cpu) / 1e9
    print("loader \(used / seconds) \(Double(samples) / seconds)")
    if demand == .all { try measureWakes(&batches) }
  }

  /// Takes batch after batch, which is more than the loader makes: so the trainer waits for each.
  ///
  /// A batch is published a few microseconds after its last row, which is stamped, is written.
  private static func measureWakes(_ batches: inout Batches) throws {
    var wakes: [UInt64] = []
    var patience = 4 * wakeCount
    while wakes.count < wakeCount, patience > 0 {
      patience -= 1
      let begun = MonotonicClock.now
      guard let batch = try batches.next() else { break }
      let woken = MonotonicClock.now
      let stamps = try batch.tensor("written", as: Int64.self)
      var written: UInt64 = 0
      for index in stamps.indices { written = max(written, UInt64(stamps[index])) }
      // One that was there already has woken nobody.
      if written > begun { wakes.append(woken - written) }
    }
    for wake in wakes { print("wake \(wake)") }
  }

  /// CPU time of the loader so far: of its process, or of all threads of this one but the trainer's.
  private static func loaderCPUNanoseconds(_ placement: NeighbourPlacement, _ batches: borrowing Batches) -> UInt64 {
    placement == .sameProcess
      ? ResourceUsage.current.cpuNanoseconds - ResourceUsage.currentThreadCPUNanoseconds
      : UInt64(batches.workerUsage.cpuSeconds * 1e9)
  }

  private static func measure(_ count: Int, _ step: () throws -> Void) rethrows {
    var times: [(step: UInt64, delay: UInt64)] = []
    times.reserveCapacity(count)
    var buffer: [UInt8] = []
    var delay = ProcessorTime.threadDelayNanoseconds(buffer: &buffer) ?? 0
    var last = MonotonicClock.now
    for _ in 0..<count {
      try step()
      let delayNow = ProcessorTime.threadDelayNanoseconds(buffer: &buffer) ?? 0
      let now = MonotonicClock.now
      times.append((now - last, delayNow - delay))
      (last, delay) = (now, delayNow)
    }
    for time in times { print("step \(time.step) \(time.delay)") }
  }

  /// Returns how many samples were taken.
  private static func take(_ batches: inout Batches, _ demand: Demand) throws -> Int {
    switch demand {
    case .batch: return try batches.next()?.count ?? 0
    case .all:
      var count = 0
      while true {
        do throws(HeadraceError) {
          guard let batch = try batches.next(timeout: .zero) else { return count }
          count += batch.count
        } catch {
          if error.code == .timedOut { return count }
          throw error
        }
      }
    }
  }
}
