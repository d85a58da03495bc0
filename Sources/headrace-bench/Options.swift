/// What the command line asks for.
struct Options {
  enum Task {
    case help, transport, engine, start, timing
    /// The process that `start` measures; not in the help, since nobody types it.
    case startChild(shard: String?)
  }

  var task = Task.help
  var format = Report.Format.table
  var isBrief = false

  static let help = """
    Measures what Headrace costs, each time beside its limit and its rivals in the same run.

    Usage: headrace-bench transport|engine|start|timing [--json] [--brief]

      transport   batches from process to process: in place and copied in, against memcpy, a pipe and a Unix socket
      engine      items per second through three trivial stages, against a plain loop and one Dispatch block per item
      start       from the start of a process to its first batch, against a process that does nothing
      timing      waits at queues, calls that sleep, micro-batches and a straggler, against what they should take

      --json      one JSON object a line instead of a table
      --brief     measure everything, but for a short time: seconds in all, and figures that are only rough
      --help      this text

    docs/bench.md tells how each is measured and how to read it. Exit status: 0, or 2 for a wrong word.
    """

  /// Reads the arguments that follow the program's name.
  init(_ arguments: [String]) throws(UsageError) {
    var words: [String] = []
    for argument in arguments {
      switch argument {
      case "--help", "-h": return
      case "--json": format = .json
      case "--brief": isBrief = true
      default:
        guard !argument.hasPrefix("-") else {
          throw UsageError("unknown option \(argument); --json, --brief and --help are known")
        }
        words.append(argument)
      }
    }
    guard let name = words.first else {
      throw UsageError("name a benchmark: transport, engine, start or timing; --help tells more")
    }
    var expected = 1
    switch name {
    case "transport": task = .transport
    case "engine": task = .engine
    case "start": task = .start
    case "timing": task = .timing
    case "start-child":
      task = .startChild(shard: words.count > 1 ? words[1] : nil)
      expected = words.count
    default: throw UsageError("unknown benchmark \(name); there are transport, engine, start and timing")
    }
    guard words.count == expected else {
      throw UsageError("unknown word \(words[expected]) after \(name); name one benchmark at a time")
    }
  }
}
