import Glibc
import Headrace

/// The pipeline of `RecoveryScenarios` and `ServerScenarios`, as it is made in the worker.
struct ServedPipeline: PipelineFactory {
  /// What `makePipeline` does instead of making one.
  enum Fault: String, Codable {
    case none, error, plainError, trap, exit, hang, invalid
    /// Makes another pipeline in each worker.
    case changing
  }

  var length = 4_000
  var ordering = Ordering.input
  var fault = Fault.none
  /// Read relative to the current directory, where it is not empty.
  var file = ""

  func makePipeline() throws -> BatchPipeline {
    var name = "collate"
    switch fault {
    case .none: break
    case .error: throw HeadraceError(.notFound, "There is no data set 7.")
    case .plainError: throw Mishap(description: "no data set 8")
    case .trap: fatalError("makePipeline has trapped on purpose")
    case .exit: Glibc.exit(3)
    case .hang: Assassin.stayForEver()
    case .invalid: name = ""
    case .changing: name = "collate \(getpid())"
    }
    if !file.isEmpty { _ = try FolderSource(file) }
    let length = length
    return Pipeline(from: 0..<length)
      .map("decode", concurrency: 2, ordering: ordering) { $0 }
      .filter("whole") { $0 % 7 != 3 }
      .shuffle(size: 100, seed: 5)
      .batch(name, Samples.spec, concurrency: 2, ordering: ordering, onFailure: .skip(upTo: length)) { value, row in
        if value % 10 == 9 { throw Mishap(description: "sample \(value) is bad") }
        try Samples.write(value, to: &row)
      }
  }

  /// The samples of an epoch, in order of their numbers.
  var expected: [Int] { (0..<length).filter { $0 % 7 != 3 && $0 % 10 != 9 } }
  var badCount: Int { (0..<length).count { $0 % 7 != 3 && $0 % 10 == 9 } }
}

/// Works on a sample until the process ends, where that is asked for.
struct StuckPipeline: PipelineFactory {
  var isLong = false
  var number = 1

  func makePipeline() -> BatchPipeline {
    let page = SharedPage.common
    let (isLong, number) = (isLong, number)
    return Samples.pipeline(100_000) { value in
      if isLong && value == 25 {
        page[.reached] = UInt64(number)
        Assassin.stayForEver()
      }
      return value
    }
  }
}

/// Nobody outside of this file can name it.
private struct HiddenPipeline: PipelineFactory {
  func makePipeline() -> BatchPipeline { Samples.pipeline(10) }
}

/// A type that is made for its argument, after the server was started.
struct GenericPipeline<Number: FixedWidthInteger & Codable & Sendable>: PipelineFactory {
  var count: Number
  func makePipeline() -> BatchPipeline { Samples.pipeline(Int(count)) }
}

/// Cannot be written as JSON.
struct UnspeakablePipeline: PipelineFactory {
  func encode(to encoder: any Encoder) throws { throw Mishap(description: "no words") }
  init() {}
  init(from decoder: any Decoder) throws {}
  func makePipeline() -> BatchPipeline { Samples.pipeline(10) }
}

extension ServedPipeline {
  static func runHidden() throws(HeadraceError) -> Batches { try runPipelineInSubprocess(HiddenPipeline()) }
}
