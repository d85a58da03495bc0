import Glibc
import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// Automatic concurrency in real runs. Stages and consumers sleep, so that any machine has the cores.
@Suite(.serialized) struct AutomaticConcurrencyTests {
  private static let lap = Duration.milliseconds(50)

  private func start<Element>(
    _ pipeline: Pipeline<Element>, threads: Int, epochs: Int = 1
  ) throws -> ElementRun {
    try ElementRun(PipelinePlan(pipeline), threads: threads, epochLimit: epochs, tuningPeriod: Self.lap)
  }

  private func concurrency(_ run: ElementRun, of stage: String) -> Int {
    run.statistics().first { $0.name == stage }?.concurrency ?? 0
  }

  /// Takes elements, sleeping after each, until `stage` has so many hands and the consumer has waited for less than a
  /// tenth of the last 200 steps; or for 60 s of steps. Returns whether it came to that.
  private func waitsNoMore(
    _ run: ElementRun, stage: String, least: Int, stepMicroseconds: UInt32 = 2_000
  ) throws -> Bool {
    for _ in 0..<150 {
      let begin = (waited: run.waitSeconds, time: MonotonicClock.now)
      for _ in 0..<200 {
        guard try run.nextItem(timeout: .seconds(30)) != nil else { return false }
        usleep(stepMicroseconds)
      }
      let share = (run.waitSeconds - begin.waited) / (Double(MonotonicClock.now - begin.time) / 1e9)
      if share < 0.1, concurrency(run, of: stage) >= least { return true }
    }
    return false
  }

  @Test func whatTheConsumerNeedsIsFoundAndTheConsumerWaitsNoMore() throws {
    try Watchdog.guarding("automatic concurrency of a stage that sleeps") {
      // 500 elements a second, each of 8 ms: four at once.
      let pipeline = Pipeline(from: Endless())
        .map("other", concurrency: 2) {
          usleep(1_000); return $0
        }
        .map("load", concurrency: .automatic) {
          usleep(8_000); return $0
        }
      let run = try start(pipeline, threads: 24)
      defer { run.stop() }
      #expect(concurrency(run, of: "load") == 1)
      #expect(try waitsNoMore(run, stage: "load", least: 3), "\(run.run.decisions)")
      #expect((3...12).contains(concurrency(run, of: "load")), "\(run.run.decisions)")
      // What somebody has chosen stays as it is.
      #expect(concurrency(run, of: "other") == 2)
      let changes = run.run.decisions.filter { $0.from != $0.to }
      #expect(!changes.isEmpty && changes.allSatisfy { $0.stage == "load" }, "\(changes)")
      #expect(changes.first?.from == 1)
      #expect(run.run.frozenTuning.concurrency == ["load": concurrency(run, of: "load")])
    }
  }

  @Test func operationsThatWaitNeedNoThreads() throws {
    try Watchdog.guarding("automatic concurrency of an async stage") {
      let pipeline = Pipeline(from: Endless())
        .map("fetch", concurrency: .automatic) { value in
          try await Task.sleep(for: .milliseconds(16))
          return value
        }
      // Eight operations at once, and one thread.
      let run = try start(pipeline, threads: 1)
      defer { run.stop() }
      #expect(try waitsNoMore(run, stage: "fetch", least: 6), "\(run.run.decisions)")
      #expect((6...24).contains(concurrency(run, of: "fetch")), "\(run.run.decisions)")
    }
  }

  @Test func inInputOrderTheOutputIsThatOfAnyConcurrency() throws {
    try Watchdog.guarding("an epoch in order while its concurrency changes") {
      let pipeline = Pipeline(from: 0..<400).flatMap("pair", concurrency: .automatic(upTo: 3)) { [$0, -$0] }
        .map("uneven", concurrency: .automatic) { value in
          usleep(UInt32(500 + (value & 7) * 700))
          return value
        }
      let run = try start(pipeline, threads: 16)
      defer { run.stop() }
      var values: [Int] = []
      while let item = try run.nextItem(timeout: .seconds(30)) { values.append(typed(item.value)) }
      #expect(values == (0..<400).flatMap { [$0, -$0] })
      #expect(run.run.decisions.contains { $0.stage == "uneven" && $0.to > $0.from }, "\(run.run.decisions)")
    }
  }

  @Test func theNextEpochBeginsWithWhatWasFound() throws {
    try Watchdog.guarding("two epochs with automatic concurrency") {
      let pipeline = Pipeline(from: 0..<200).map("load", concurrency: .automatic) {
        usleep(4_000); return $0
      }
      let run = try start(pipeline, threads: 16, epochs: 2)
      defer { run.stop() }
      while try run.nextItem(timeout: .seconds(30)) != nil {}
      let found = concurrency(run, of: "load")
      #expect(found > 1, "\(run.run.decisions)")
      while try run.nextItem(timeout: .seconds(30)) != nil {}
      #expect(run.run.decisions.count { $0.from == 1 } == 1, "\(run.run.decisions)")
    }
  }

  @Test func theMaximumAndTheThreadsAreKeptAndToldOf() throws {
    try Watchdog.guarding("two bounds of automatic concurrency") {
      let sleeps: @Sendable (Int) -> Int = {
        usleep(2_000); return $0
      }
      for (stage, threads, reason) in [
        (Concurrency.automatic(upTo: 2), 16, "2 is the most that it may have"),
        (.automatic, 3, "there are no more than 3 threads"),
      ] {
        let run = try start(Pipeline(from: Endless()).map("load", concurrency: stage, sleeps), threads: threads)
        defer { run.stop() }
        var steps = 0
        while !run.run.decisions.contains(where: { $0.reason.contains(reason) }), steps < 20_000 {
          _ = try run.nextItem(timeout: .seconds(30))
          steps += 1
        }
        #expect(run.run.decisions.contains { $0.reason.contains(reason) }, "\(run.run.decisions)")
        #expect(concurrency(run, of: "load") <= threads)
      }
    }
  }

  @Test func theBudgetOfCoresIsKeptAndToldOf() throws {
    try Watchdog.guarding("a budget of CPU") {
      let pipeline = Pipeline(from: Endless())
        .map("burn", concurrency: .automatic) { value in
          let end = MonotonicClock.now + 2_000_000
          while MonotonicClock.now < end {}
          return value
        }
        // Less than this process uses whatever happens.
        .limits(cores: 0.001)
      let run = try start(pipeline, threads: 4)
      defer { run.stop() }
      // The CPU is that of all tests in this process: where they leave no core, that is what is said.
      func isTold() -> Bool {
        run.run.decisions.contains { $0.reason.contains("are allowed") || $0.reason.contains("cores are at work") }
      }
      var steps = 0
      while !isTold(), steps < 20_000 {
        _ = try run.nextItem(timeout: .seconds(30))
        steps += 1
      }
      #expect(isTold(), "\(run.run.decisions)")
      #expect(concurrency(run, of: "burn") == 1)
    }
  }

  @Test func whereNothingIsAutomaticNothingIsDecided() throws {
    try Watchdog.guarding("a run of fixed concurrency") {
      let run = try start(
        Pipeline(from: 0..<200).map("load", concurrency: 2) { $0 }, threads: 2)
      defer { run.stop() }
      // Nobody is there who could decide, however long it takes.
      #expect(run.run.tuning.withLock { $0 == nil })
      while try run.nextItem(timeout: .seconds(30)) != nil {}
      #expect(run.run.decisions.isEmpty && run.run.frozenTuning.stages.isEmpty)
      #expect(concurrency(run, of: "load") == 2)
    }
  }
}
