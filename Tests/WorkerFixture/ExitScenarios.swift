import Glibc
import Headrace

/// How ends of processes are told, and the limits that bring them about.
enum ExitScenarios {
  /// A sample that never ends, in a stage without a time limit: `exit-hang WORKERS THREADS`; 0 workers: none beside the
  /// loader's own.
  static func hang(_ scenario: Scenario) throws {
    let workers = scenario.number(0)
    let pipeline = Pipeline(from: 0..<200)
      .map("decode", concurrency: 2, onFailure: .skip(upTo: 5)) { value in
        if value == 57 { Assassin.stayForEver() }
        return value
      }
      .batch("collate", Samples.spec) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: scenario.number(1, 2), workers: workers == 0 ? nil : workers, slots: 4, epochs: 1,
      hangLimit: .milliseconds(200))
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("whole", values == (0..<200).filter { $0 != 57 })
    tell(&batches)
  }

  /// Samples that take memory and keep it: `exit-memory WORKERS`.
  static func memory(_ scenario: Scenario) throws {
    let workers = scenario.number(0)
    let page = SharedPage()
    let pipeline = Pipeline(from: 0..<400)
      .map("decode", concurrency: 4) { value in
        // One call of one sample: when it is made again it is as any other, and from then on calls are counted.
        if value == 137, page[.reached] == 0 {
          page[.reached] = 1
          var kept: [[UInt8]] = []
          while true { kept.append([UInt8](repeating: 1, count: 1 << 20)) }
        }
        if value == 137 { page[.go] = 1 }
        guard page[.go] == 1, value > 137 else { return value }
        page.raise(.most, to: page.add(.running, 1))
        Assassin.work(microseconds: 1_000)
        page.add(.running, UInt64.max)
        return value
      }
      .batch("collate", Samples.spec) { try Samples.write($0, to: &$1) }
    var isolation = Isolation.standard
    isolation.memoryLimit = 300 << 20
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 4 / max(workers, 1), workers: workers == 0 ? nil : workers, slots: 4, epochs: 1,
      isolation: isolation)
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("whole", values == Array(0..<400))
    emit("most_at_a_time", page[.most])
    tell(&batches)
  }

  private static func tell(_ batches: inout Batches) {
    emit("restarts", batches.restartCount)
    for failure in batches.takeFailures().newest { emit("failure", "\(failure.position) \(failure.error.code)") }
    for exit in batches.exits {
      emit("exit", exit)
      emit("peak_mib", exit.peakResidentByteCount >> 20)
    }
  }
}
