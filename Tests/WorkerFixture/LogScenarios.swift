import Glibc
import Headrace
import HeadraceSystem

/// What the processes of a loader say, and who gets it.
enum LogScenarios {
  /// 40 samples that say something: `log fork|fork-server|program|same-process|pool standard-error|handler|inherited`.
  static func log(_ scenario: Scenario) throws {
    let method = scenario.text(0)
    if method == "fork-server" {
      try bootstrap()
      try ServerScenarios.warmUp()
    }
    let destination = destination(scenario.text(1))
    var batches =
      method == "program"
      ? try runPipelineInSubprocess(ProgramScenarios.talking(), threads: 2, epochs: 1, log: destination)
      : try runPipelineInSubprocess(
        TalkingPipeline(), threads: 2, workers: method == "pool" ? 2 : nil, epochs: 1,
        placement: method == "same-process" ? .sameProcess : .subprocess, log: destination)
    emit("worker", batches.workerProcessID.map { $0 } ?? Int(getpid()))
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("whole", values == Array(0..<40))
    _ = batches.stop()
  }

  /// A sample that ends its process after it has said why: `log-death handler|inherited`.
  static func death(_ scenario: Scenario) throws {
    let pipeline = Samples.pipeline(100) { value in
      if value == 57 {
        LoaderLog.error("there is no label 57")
        fatalError("label 57 was looked for")
      }
      return value
    }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 1, slots: 4, epochs: 1, restarts: 0, log: destination(scenario.text(0)))
    do throws(HeadraceError) {
      while try batches.next() != nil {}
    } catch {
      emit(error)
    }
    for exit in batches.exits {
      for line in exit.log { emit("last", line) }
    }
  }

  /// Nobody reads standard error, and the worker says more than a pipe takes.
  static func unread(_ scenario: Scenario) throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    dup2(ends[1], 2)
    let pipeline = Samples.pipeline(2_000) { value in
      LoaderLog.info(String(repeating: "x", count: 700))
      return value
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, epochs: 1)
    var values: [Int] = []
    while let batch = try batches.next() { values += try Samples.values(batch) }
    emit("whole", values == Array(0..<2_000))
    emit("kept", batches.log.count)
  }

  /// A pipeline that says more than a pipe takes while it is made.
  static func early(_ scenario: Scenario) throws {
    try bootstrap()
    var batches = try runPipelineInSubprocess(
      TalkingPipeline(earlyLineCount: 1_000), threads: 1, epochs: 1, log: destination("handler"))
    while try batches.next() != nil {}
  }

  private static func destination(_ name: String) -> LogDestination {
    switch name {
    case "handler":
      .handler { line in
        emit(
          "line",
          "\(line.role) \(line.processID) \(line.level?.rawValue ?? "-") \(line.stage ?? "-")"
            + " \(line.sample ?? "-"): \(line.text)")
      }
    case "inherited": .inherited
    default: .standardError
    }
  }
}

/// Says something in each of its stages.
struct TalkingPipeline: PipelineFactory {
  var earlyLineCount = 0

  func makePipeline() -> BatchPipeline {
    for number in 0..<earlyLineCount { LoaderLog.info("early \(number) " + String(repeating: "y", count: 200)) }
    return Pipeline(from: 0..<40)
      .map("decode", concurrency: 2) { value in
        if value == 13 { LoaderLog.warning("two lines\nof sample 13") }
        if value == 14 { StandardStream.error.show("written by other means\n") }
        return value
      }
      .map("fetch", concurrency: 2) { value in
        if value == 15 {
          await Task.yield()
          LoaderLog.info("fetched")
        }
        return value
      }
      .batch("collate", Samples.spec) { value, row in
        if value == 16 { LoaderLog.error("a bad row") }
        try Samples.write(value, to: &row)
      }
  }
}
