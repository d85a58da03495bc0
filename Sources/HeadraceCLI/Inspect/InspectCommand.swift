import Headrace
import HeadraceSystem

/// `headrace inspect`: lists what a shard or a folder holds.
enum InspectCommand {
  static let options: [Option] =
    [
      .one("--limit", "N", "list at most N members or classes; default 20, 0 for all; totals are always of the whole")
    ] + ContactSheetFile.options + [
      .flag("--json", "print one JSON object, with all members or classes that --limit allows"),
      .flag("--help", "print this"),
    ]

  static let help = HelpText(
    usage: "headrace inspect PATH [OPTION...]",
    about: "Lists the members of a tar or tar.zst shard, or the classes of a folder of images, and sums them up.",
    options: options,
    examples: [
      "headrace inspect data/train-000000.tar.zst", "headrace inspect data/train --json",
      "headrace inspect data/train --contact-sheet first.png",
    ])

  static func run(_ words: [String]) throws -> Int32 {
    let arguments = try ParsedArguments(words, options: options, command: "inspect")
    if arguments.has("--help") {
      try StandardStream.output.write("\(help)")
      return 0
    }
    let limit = try arguments.integer("--limit", in: 0...Int.max, default: 20)
    guard let path = arguments.positional.first else {
      throw UsageError("a path is missing: headrace inspect PATH")
    }
    guard arguments.positional.count == 1 else {
      throw UsageError("one path at a time: \"\(arguments.positional[1])\" is a second one")
    }
    let sheet = try ContactSheetFile.requested(by: arguments)
    let source = try source(path)
    try sheet?.write(source)
    let report = try report(of: source, limit: limit)
    let text =
      arguments.has("--json") ? try JSON.line(report) : report.text(columns: Terminal.columnCount(of: .output))
    try StandardStream.output.write(text)
    if let damage = report.damage { throw damage }
    return 0
  }

  /// Goes by the same rules as `headrace run`, so that a mistake has the same words in both.
  private static func source(_ path: String) throws -> InputSource {
    let source = try InputSource([path], limit: nil)
    if case .shards(let shards, _) = source, shards.shards.count != 1 {
      throw UsageError(
        "one path at a time: \(path) stands for \(HumanUnits.count(shards.shards.count)) shards; name one of them")
    }
    try source.validate()
    return source
  }

  private static func report(of source: InputSource, limit: Int) throws -> any InspectReport {
    switch source {
    case .folder(let folder, _): return FolderReport(folder, limit: limit)
    case .shards(let shards, _): return ShardReport(try ShardListing(shards.shards[0]), limit: limit)
    }
  }
}

/// What `headrace inspect` prints: for programs as JSON, for people as text.
protocol InspectReport: Encodable {
  /// - Parameter columns: of the terminal that shows it; nil: there is none.
  func text(columns: Int?) -> String
  /// The error that kept the report from being of the whole.
  var damage: HeadraceError? { get }
}
