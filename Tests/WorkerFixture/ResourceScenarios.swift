import Glibc
import Headrace
import HeadraceSystem
import Synchronization

/// What a resource monitor sees of a worker.
enum ResourceScenarios {
  /// A worker that computes for 0.8 s of CPU time, seen by the monitor and told by getrusage(2):
  /// `resources-burn PLACEMENT`.
  static func burn(_ scenario: Scenario) throws {
    let pipeline = Samples.pipeline(40) { value in
      let end = ResourceUsage.currentThreadCPUNanoseconds + 20_000_000
      while ResourceUsage.currentThreadCPUNanoseconds < end {}
      return value
    }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, slots: 4, epochs: 1, placement: scenario.placement(0))
    var monitor = batches.resourceMonitor()
    let process = Int32(batches.workerProcessID ?? ProcessIdentity.current.processID)
    let before = Double(try ProcessResources(processID: process).cpuNanoseconds) / 1e9
    let start = MonotonicClock.now
    monitor.sample()
    var grows = true
    while try batches.next() != nil {
      let last = monitor.summary.cpuSeconds
      monitor.sample()
      grows = grows && monitor.summary.cpuSeconds >= last
    }
    monitor.sample()
    let seconds = Double(MonotonicClock.now - start) / 1e9
    emit("seen", monitor.summary.cpuSeconds)
    emit("told", batches.workerUsage.cpuSeconds - before)
    emit("seen_percent", monitor.summary.meanCPUPercent ?? .nan)
    emit("told_percent", (batches.workerUsage.cpuSeconds - before) / seconds * 100)
    emit("grows", grows)
    emit("peak", (monitor.summary.peakCPUPercent ?? 0) >= monitor.summary.meanCPUPercent ?? .infinity)
  }

  /// A worker is killed between two samples, and reaped between the second and the third: `resources-end`.
  static func end(_ scenario: Scenario) throws {
    var monitor = ResourceMonitor(processIDs: [1])
    var worker = 0
    do {
      var batches = try runPipelineInSubprocess(Samples.pipeline(1000), threads: 1, slots: 2, restarts: 0)
      if let batch = try batches.next() { _ = try Samples.values(batch) }
      worker = batches.workerProcessID ?? 0
      monitor = batches.resourceMonitor()
      emit("running", monitor.sample().processCount)
      kill(Int32(worker), SIGKILL)
      // Its supervisor reaps it, and ends.
      do throws(HeadraceError) {
        while let batch = try batches.next() { _ = batch.count }
      } catch {
        emit("code", error.code)
      }
      letTimePass(milliseconds: 10)
      tell(monitor.sample(), "ended")
    }
    letTimePass(milliseconds: 10)
    tell(monitor.sample(), "reaped")
    var late = ResourceMonitor(processIDs: [worker])
    emit("late", late.sample().processCount)
    emit("samples", monitor.samples.count)
  }

  private static func tell(_ sample: ResourceSample, _ name: String) {
    emit(name, sample.processCount)
    emit("\(name)_bytes", sample.residentByteCount)
    emit("\(name)_goes_on", (sample.cpuPercent ?? -1) >= 0)
  }

  /// A ring that both sides have looked at, and what a sample costs: `resources-ring MEBIBYTES`.
  static func ring(_ scenario: Scenario) throws {
    let mebibytes = scenario.number(0)
    let spec = BatchSpec(size: 1, TensorSpec("x", .uint8, shape: [mebibytes / 8, 1024, 1024]))
    let row = [UInt8](repeating: 1, count: (mebibytes << 20) / 8)
    let pipeline = Pipeline(from: 0..<8).batch(spec) { try $1.write(contentsOf: row, to: "x") }
    var batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 8)
    var monitor = batches.resourceMonitor()
    // Until the worker has filled the ring.
    while (monitor.sample(withPSS: true).privateByteCount ?? 0) < mebibytes << 20 {}
    emit("alone", figures(monitor.sample(withPSS: true)))
    var sum = 0
    while let batch = try batches.next() {
      let bytes = try batch.tensor("x", as: UInt8.self)
      for place in stride(from: 0, to: bytes.count, by: 4096) { sum += Int(bytes[place]) }
    }
    emit("shared", figures(monitor.sample(withPSS: true)))
    emit("sum", sum)
    emit("plain_us", microseconds(200) { monitor.sample(withPSS: false) })
    emit("pss_us", microseconds(20) { monitor.sample(withPSS: true) })
    var alone = ResourceMonitor(processIDs: [batches.workerProcessID ?? 0], includesDescendants: false)
    emit("without_descendants_us", microseconds(200) { alone.sample(withPSS: false) })
    emit("threads", monitor.sample().threadCount)
  }

  private static func figures(_ sample: ResourceSample) -> String {
    "\(sample.residentByteCount) \(sample.pssByteCount ?? -1) \(sample.privateByteCount ?? -1)"
  }

  private static func microseconds(_ count: Int, _ body: () -> Void) -> Double {
    let start = MonotonicClock.now
    for _ in 0..<count { body() }
    return Double(MonotonicClock.now - start) / Double(count) / 1000
  }

  /// This process and its worker, seen from this process: `resources-descendants`.
  static func descendants(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(Samples.pipeline(1000), threads: 1, slots: 2)
    if let batch = try batches.next() { _ = try Samples.values(batch) }
    let own = ProcessIdentity.current.processID
    func count(_ processIDs: [Int], _ includesDescendants: Bool) -> Int {
      var monitor = ResourceMonitor(processIDs: processIDs, includesDescendants: includesDescendants)
      return monitor.sample().processCount
    }
    emit("with", count([own], true))
    emit("without", count([own], false))
    emit("named_twice", count([own, batches.workerProcessID ?? 0, own], true))
    emit("nobody", count([-1, .max], true))
  }

  /// A monitor on a thread is stopped, or goes away, long before its interval is over: `resources-thread`.
  static func thread(_ scenario: Scenario) throws {
    let monitor = ResourceMonitor(processIDs: [ProcessIdentity.current.processID])
    let signal = try EventSignal()
    let number = signal.descriptor.number
    let count = Mutex(0)
    do {
      let running = try monitor.start(interval: .milliseconds(10)) { _ in
        var one: UInt64 = 1
        if count.withLock({
          $0 += 1; return $0 == 3
        }) {
          unsafe write(number, &one, 8)
        }
      }
      _ = Poll.wait(number)
      let stopped = running.stop()
      emit("samples", stopped.samples.count > 3)
      emit("last_has_pss", stopped.samples.last?.pssByteCount != nil)
      emit("again", running.stop().samples == stopped.samples)
      emit("same", running.samples == stopped.samples && running.summary == stopped.summary)
      emit("in_order", stopped.samples.map(\.seconds) == stopped.samples.map(\.seconds).sorted())
    }
    awaitOneThread("stopped")
    do {
      let cheap = ResourceMonitor(processIDs: [ProcessIdentity.current.processID], pssEvery: nil)
      let running = try cheap.start(interval: .seconds(3600))
      emit("at_once", running.samples.count)
      emit("stopped_early", running.stop().samples.count)
      emit("no_pss", running.summary.peakPSSByteCount == nil)
    }
    awaitOneThread("stopped_early_ended")
    do {
      let running = try monitor.start(interval: .seconds(Int64.max))
      emit("while_it_runs", ForkSafety.threadCount)
      emit("endless", running.samples.count)
    }
    awaitOneThread("dropped")
    let box = Box()
    try box.running.withLock { running in
      running = try monitor.start(interval: .milliseconds(10)) { _ in
        box.running.withLock { running in _ = running?.stop() }
      }
    }
    awaitOneThread("stopped_by_its_callback")
  }

  private final class Box: Sendable {
    let running = Mutex<RunningResourceMonitor?>(nil)
  }

  /// The alarm bounds the wait.
  private static func awaitOneThread(_ what: String) {
    while ForkSafety.threadCount > 1 { sched_yield() }
    emit(what, true)
  }

  /// Lets time pass that a rate can be told of.
  private static func letTimePass(milliseconds: UInt64) {
    let end = MonotonicClock.now + milliseconds * 1_000_000
    while MonotonicClock.now < end { sched_yield() }
  }
}
