/// What the command line says, with defaults that reach about 97 % in a second or two.
struct Options: Equatable {
  var epochs = 60
  /// Samples in a batch, and so in one step.
  var batch = 64
  /// Seed of the network's initial weights; the order of samples is that of the shard.
  var seed: UInt64 = 1
  /// Threads that the worker process decodes with; the result does not depend on it.
  var threads = 2
  /// Folder of the two shards.
  var data = "Examples/Data"
  var wantsHelp = false

  static let help = """
    Trains a small network on 8x8 images of handwritten digits, fed by Headrace.

    Usage: TrainDigits [options]

      --epochs N    passes over the training set (60)
      --batch N     samples in a batch (64)
      --seed N      seed of the initial weights (1)
      --threads N   threads of the worker process (2)
      --data DIR    folder with digits-train.tar.zst and digits-test.tar.zst
                    (Examples/Data)
      --help        this text

    Exit status: 0 when test accuracy reaches 95 %, 1 when it does not or loading
    fails, 2 for a wrong option.
    """

  /// Reads the arguments that follow the program's name; both `--epochs 3` and `--epochs=3` are understood.
  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    var given: Set<String> = []
    while let argument = rest.popFirst() {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      if name == "--help" || name == "-h", parts.count == 1 {
        wantsHelp = true
        continue
      }
      guard Self.names.contains(name) else {
        throw UsageError("unknown option \(argument); --help lists them")
      }
      guard given.insert(name).inserted else {
        throw UsageError("\(name) is given twice; give it once")
      }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst(), !value.isEmpty else {
        throw UsageError("\(name) needs a value; --help tells which")
      }
      switch name {
      case "--epochs": epochs = try Self.number(value, name, 1...100_000)
      case "--batch": batch = try Self.number(value, name, 1...1024)
      case "--seed": seed = UInt64(try Self.number(value, name, 0...Int.max))
      case "--threads": threads = try Self.number(value, name, 1...Int.max)  // the loader knows how many it takes
      default: data = value
      }
    }
  }

  private static let names: Set = ["--epochs", "--batch", "--seed", "--threads", "--data"]

  private static func number(_ text: String, _ name: String, _ range: ClosedRange<Int>) throws(UsageError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      let limit = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
      throw UsageError("\(name) must be a whole number, \(range.lowerBound) \(limit), not \"\(text)\"")
    }
    return number
  }
}
