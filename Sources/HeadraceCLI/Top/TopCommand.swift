import Headrace
import HeadraceSystem

/// `headrace top`: shows the loaders that run on this machine, whoever started them.
enum TopCommand {
  static let options: [Option] = [
    .one("--interval", "S", "seconds from one look to the next, 1 to 3600; default 1"),
    .one("--count", "N", "end after N looks; default: none on a terminal, else 1"),
    .flag("--json", "print one JSON object a look"),
    .flag("--help", "print this"),
  ]

  static let help = HelpText(
    usage: "headrace top [PROCESS] [OPTION...]",
    about: """
      Shows what the loaders of this user on this machine are doing: their stages, who reads, what limits them. \
      Nothing is asked of them, and nothing is held up. PROCESS is a trainer, a reader, a worker or a supervisor, \
      whose loaders alone are shown. The first look is since the start of each loader, the others since the look \
      before. Ctrl-C ends it.
      """,
    options: options,
    examples: ["headrace top", "headrace top 4711 --interval 5", "headrace top --json --count 10"])

  static func run(_ words: [String]) throws -> Int32 {
    let arguments = try ParsedArguments(words, options: options, command: "top")
    if arguments.has("--help") {
      try StandardStream.output.write("\(help)")
      return 0
    }
    guard arguments.positional.count <= 1 else {
      throw UsageError("one process at a time: \"\(arguments.positional[1])\" is a second one")
    }
    let process = try arguments.positional.first.map { word in
      guard let number = Int(word), number > 0 else { throw UsageError("\"\(word)\" is no number of a process") }
      return number
    }
    let interval = Duration.seconds(try arguments.integer("--interval", in: 1...3600, default: 1))
    let columns = arguments.has("--json") ? nil : Terminal.columnCount(of: .output)
    let count = try arguments.integer("--count", in: 1...1_000_000_000) ?? (columns == nil ? 1 : nil)
    try look(process, every: interval, count: count, columns: columns, asJSON: arguments.has("--json"))
    return 0
  }

  private static func look(
    _ process: Int?, every interval: Duration, count: Int?, columns: Int?, asJSON: Bool
  ) throws {
    var screen = TopScreen(columns: columns)
    var earlier: [Int: TopLook] = [:]
    var number = 0
    // Of a process they are looked for once: its worker may be another at the next look.
    let own = try process.map { try LoaderMonitor.loaders(of: $0) }
    while true {
      let loaders = own?.filter(\.isRunning) ?? LoaderMonitor.running
      if own != nil, loaders.isEmpty, number > 0 { return }
      let looks = loaders.map { TopLook($0) }
      let reports = looks.map { TopReport($0, since: earlier[$0.processID]) }
      if asJSON {
        try StandardStream.output.write(JSON.line(["loaders": reports]))
      } else {
        try screen.show(
          reports.isEmpty
            ? "No loader of this version runs under this user.\n" : reports.map(\.text).joined(separator: "\n"))
      }
      earlier = Dictionary(looks.map { ($0.processID, $0) }, uniquingKeysWith: { first, _ in first })
      number += 1
      if let count, number >= count { return }
      _ = Poll.wait(-1, until: MonotonicClock.deadline(after: interval))
    }
  }
}
