import Headrace
import HeadraceSystem

/// `headrace attach`: reads what a loader makes that another process has started, and reports as `headrace run` does.
enum AttachCommand {
  static let options: [Option] = [
    .one("--place", "N", "the place to take among the readers, such as a rank; default: the lowest that is free"),
    .one("--epochs", "E", "stop after E epochs; default: as many as there are"),
    .one("--limit", "N", "stop after N batches"),
    .one("--timeout", "S", "how many seconds to wait for the loader to be there; default 60"),
    .flag("--digest", "print image_sha256: SHA-256 over the image bytes of the batches that were read"),
    .flag("--json", "print one JSON object"),
    .flag("--help", "print this"),
  ]

  static let help = HelpText(
    usage: "headrace attach PATH [OPTION...]",
    about: """
      Reads the batches of a loader that another process has started, with 'headrace run --readers' or from a program: \
      each is taken where it lies in shared memory, and given back. Reports how fast it went.
      """,
    options: options,
    examples: ["headrace attach /run/user/1000/train.sock", "headrace attach train.sock --place 3 --json"])

  static func run(_ words: [String]) throws -> Int32 {
    let processStart = MonotonicClock.now - ResourceUsage.current.cpuNanoseconds
    let arguments = try ParsedArguments(words, options: options, command: "attach")
    if arguments.has("--help") {
      try StandardStream.output.write("\(help)")
      return 0
    }
    guard let path = arguments.positional.first, path != "" else {
      throw UsageError("a path is missing: headrace attach PATH")
    }
    guard arguments.positional.count == 1 else {
      throw UsageError("one path at a time: \"\(arguments.positional[1])\" is a second one")
    }
    let place = try arguments.integer("--place", in: 0...(ReaderSet.maximumCount - 1))
    let timeout = try arguments.integer("--timeout", in: 0...1_000_000, default: 60)
    var consumption = ConsumptionOptions()
    consumption.epochs = try arguments.integer("--epochs", in: 1...1_000_000_000)
    consumption.batchLimit = try arguments.integer("--limit", in: 1...Int.max)
    consumption.digest = arguments.has("--digest")

    var report = RunReport()
    report.threads = nil
    report.placement = "attached"
    var failure: HeadraceError?
    do {
      try read(path, place, .seconds(timeout), consumption, processStart, &report)
    } catch let error as HeadraceError {
      failure = CommandWords.of(error)
      report.error = failure.map { "\($0)" }
      report.failures.append(.init(error, epoch: report.epochs, position: nil))
    }
    if arguments.has("--json") {
      try StandardStream.output.write(JSON.line(report))
    } else if failure == nil {
      try StandardStream.output.write(report.text)
    }
    if let failure { throw failure }
    return 0
  }

  private static func read(
    _ path: String, _ place: Int?, _ timeout: Duration, _ options: ConsumptionOptions, _ processStart: UInt64,
    _ report: inout RunReport
  ) throws {
    var batches = try Batches.attach(to: path, place: place, timeout: timeout)
    report.place = batches.place
    report.slots = batches.ring.geometry.slotCount
    var consumer = Consumer(options, processStart: processStart)
    defer { consumer.close() }
    do {
      try consumer.consume(&batches)
    } catch {
      consumer.fill(&report, &batches)
      throw error
    }
    consumer.fill(&report, &batches)
  }
}
