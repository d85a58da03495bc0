/// What the command line asks for.
struct Options {
  enum Task {
    case help, transport, engine, start, timing, neighbour, recovery, png
    /// The process that `start` measures; not in the help, since nobody types it.
    case startChild(shard: String?)
    case recoveryChild(kills: Int, workers: Int)
    case neighbourCalibration
    case neighbourFiles(folder: String)
    case neighbourChild(
      NeighbourPlacement, rounds: Int, batchSize: Int, demand: NeighbourChild.Demand, steps: Int)
    case warmChild(shard: String, byteCount: Int, starts: Int)
  }

  var task = Task.help
  var format = Report.Format.table
  var isBrief = false
  /// The interpreter that has SPDL, for `neighbour`.
  var python = "python3"
  /// A folder of PNG files, for `png`.
  var folder: String?

  static let help = """
    Measures what Headrace costs, each time beside its limit and its rivals in the same run.

    Usage: headrace-bench transport|engine|start|timing|neighbour|recovery|png [--json] [--brief] [--python PATH]
                         [--dir PATH]

      transport   batches from process to process: in place and copied in, against memcpy, a pipe and a Unix socket
      engine      items per second through three trivial stages, against a plain loop and one Dispatch block per item
      start       from the start of a process to its first batch, against a process that does nothing; and loaders of a
                  process of 4 GiB with threads, against a fork of it
      neighbour   a training step beside a loader that wants all that is left, by where the loader works; with free data
      recovery    workers that are killed at random moments: how soon the next batch comes, and whether one is missing
      timing      waits at queues, calls that sleep, micro-batches and a straggler, against what they should take
      png         PNG files decoded on one core, against libpng, and libdeflate that only inflates them

      --json      one JSON object a line instead of a table
      --brief     measure everything, but for a short time: seconds in all, and figures that are only rough
      --python    the interpreter that SPDL is installed for, which neighbour measures too; otherwise python3
      --dir       a folder of PNG files, which png decodes too
      --help      this text

    docs/bench.md tells how each is measured and how to read it. Exit status: 0, or 2 for a wrong word.
    """

  /// Reads the arguments that follow the program's name.
  init(_ arguments: [String]) throws(UsageError) {
    var words: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": return
      case "--json": format = .json
      case "--brief": isBrief = true
      case "--python":
        guard let path = rest.popFirst() else { throw UsageError("--python needs the path of an interpreter") }
        python = path
      case "--dir":
        guard let path = rest.popFirst() else { throw UsageError("--dir needs the path of a folder") }
        folder = path
      default:
        guard !argument.hasPrefix("-") else {
          throw UsageError("unknown option \(argument); --json, --brief, --python, --dir and --help are known")
        }
        words.append(argument)
      }
    }
    guard let name = words.first else {
      throw UsageError(
        "name a benchmark: transport, engine, start, neighbour, recovery, timing or png; --help tells more")
    }
    var expected = 1
    switch name {
    case "transport": task = .transport
    case "engine": task = .engine
    case "start": task = .start
    case "timing": task = .timing
    case "neighbour": task = .neighbour
    case "recovery": task = .recovery
    case "png": task = .png
    case "recovery-child" where words.count == 3:
      task = .recoveryChild(kills: Int(words[1]) ?? 0, workers: Int(words[2]) ?? 0)
      expected = words.count
    case "neighbour-child" where words.count == 2:
      task = .neighbourCalibration
      expected = words.count
    case "neighbour-child" where words.count == 3:
      task = .neighbourFiles(folder: words[2])
      expected = words.count
    case "neighbour-child" where words.count == 6:
      task = .neighbourChild(
        NeighbourPlacement(rawValue: words[1]) ?? .cached, rounds: Int(words[2]) ?? 1, batchSize: Int(words[3]) ?? 1,
        demand: words[4] == "all" ? .all : .batch, steps: Int(words[5]) ?? 1)
      expected = words.count
    case "start-child":
      task = .startChild(shard: words.count > 1 ? words[1] : nil)
      expected = words.count
    case "start-warm-child" where words.count == 4:
      task = .warmChild(shard: words[1], byteCount: Int(words[2]) ?? 0, starts: Int(words[3]) ?? 0)
      expected = words.count
    default:
      throw UsageError(
        "unknown benchmark \(name); there are transport, engine, start, neighbour, recovery, timing and png")
    }
    guard words.count == expected else {
      throw UsageError("unknown word \(words[expected]) after \(name); name one benchmark at a time")
    }
  }
}
