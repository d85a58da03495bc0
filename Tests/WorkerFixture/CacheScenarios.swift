import Glibc
import Headrace

/// The cache loader over batches of ten samples.
enum CacheScenarios {
  /// `cache SAMPLES EPOCHS NUM_CACHES RETURN_AFTER STOP_AFTER CALLS`, 0 for nil: prints the number of each batch.
  static func cache(_ scenario: Scenario) throws {
    func optional(_ place: Int) -> Int? { scenario.number(place) == 0 ? nil : scenario.number(place) }
    let batches = try runPipelineInSubprocess(
      Samples.pipeline(scenario.number(0)), threads: 2, slots: 4, epochs: optional(1))
    var cached = try CacheLoader(
      batches, numCaches: scenario.number(2), returnCachesAfter: optional(3), stopAfter: optional(4))
    var trace: [String] = []
    for _ in 0..<scenario.number(5) {
      let wasReplaying = cached.isReplaying
      guard let batch = try cached.next() else {
        trace.append("nil")
        continue
      }
      let first = try Samples.values(batch).first ?? -1
      trace.append("\(cached.isReplaying ? "c" : "")\(first / 10)")
      if wasReplaying && !cached.isReplaying { emit("wrong", "live again") }
    }
    emit("trace", trace.joined(separator: " "))
  }

  /// The worker ends when the replay starts; what is replayed is what was live; held batches stay.
  static func workerGoes(_ scenario: Scenario) throws {
    let batches = try runPipelineInSubprocess(Samples.pipeline(1000), threads: 2, slots: 4)
    let worker = Int32(batches.workerProcessID ?? 0)
    let ring = batches.ring
    var cached = try CacheLoader(batches, numCaches: 3, returnCachesAfter: 6)
    var live: [[Int]] = []
    var held: Held?
    for place in 0..<6 {
      guard let batch = try cached.next() else { continue }
      live.append(try Samples.values(batch) + [batch.epoch, batch.sequence, batch.count])
      if place == 1 { held = Held(batch) }
    }
    emit("alive_before", kill(worker, 0) == 0)
    var replayed: [[Int]] = []
    for _ in 0..<6 {
      guard let batch = try cached.next() else { continue }
      replayed.append(try Samples.values(batch) + [batch.epoch, batch.sequence, batch.count])
    }
    emit("gone_after", kill(worker, 0) == -1 && ProcessFigures.hasNoChild)
    emit("equal", replayed == Array(live[..<3]) + Array(live[..<3]))
    emit("held", try held.map { try Samples.values($0.batch) == Array(10..<20) } ?? false)
    emit("leased", ring.leasedSlotCount())
    held = nil
    emit("leased_then", ring.leasedSlotCount())
    emit("statistics", cached.statistics().map(\.name))
  }

  /// Arguments that make no sense.
  static func arguments(_ scenario: Scenario) throws {
    for (caches, after, stop) in [(0, 5, 5), (3, 2, 5), (3, 5, 0), (-1, nil, nil), (1, 1, 1)] as [(Int, Int?, Int?)] {
      let batches = try runPipelineInSubprocess(Samples.pipeline(10), threads: 1, slots: 2)
      do throws(HeadraceError) {
        _ = try CacheLoader(batches, numCaches: caches, returnCachesAfter: after, stopAfter: stop)
        emit("accepted", caches)
      } catch {
        emit("refused", error)
      }
    }
    emit("no_child", ProcessFigures.hasNoChild)
  }

  /// A loader of 2 ms a batch and a loop that does nothing.
  static func report(_ scenario: Scenario) throws {
    let pipeline = Samples.pipeline(100_000) { value in
      Assassin.work(microseconds: 200)
      return value
    }
    let batches = try runPipelineInSubprocess(pipeline, threads: 1, slots: 4)
    var cached = try CacheLoader(batches, numCaches: 3, returnCachesAfter: 60, stopAfter: 200)
    emit("early", cached.headspaceReport() == nil)
    var steps = 0
    while let batch = try cached.next() { steps += batch.count / 10 }
    emit("steps", steps)
    guard let report = cached.headspaceReport() else { return emit("report", "nil") }
    emit("report", report)
    emit("live_is_slower", report.liveSeconds > report.cachedSeconds)
    emit("counts", "\(report.liveStepCount) \(report.cachedStepCount)")
  }
}
