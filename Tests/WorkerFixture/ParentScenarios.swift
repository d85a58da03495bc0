import Glibc
import Headrace

/// The parent ends in a way that the arguments name, with loaders alive: `parent HOW LOADERS long|short`.
enum ParentScenarios {
  /// Keeps a loader alive to the very end of the process.
  private final class Loader {
    var batches: Batches
    init(_ batches: consuming Batches) { self.batches = batches }

    func takeOne() throws {
      if let batch = try batches.next() { emit("took", try Samples.values(batch).count) }
    }
  }

  static func parent(_ scenario: Scenario) throws {
    let page = SharedPage()
    let isLong = scenario.text(2) == "long"
    var loaders: [Loader] = []
    for number in 1...scenario.number(1, 1) {
      let pipeline = Samples.pipeline(100_000) { value in
        if isLong && value == 25 {
          page[.reached] = UInt64(number)
          Assassin.stayForEver()
        }
        return value
      }
      let loader = Loader(try runPipelineInSubprocess(pipeline, threads: 2, slots: 4))
      emit("worker", loader.batches.workerProcessID ?? 0)
      try loader.takeOne()
      if isLong { page.wait(.reached, for: UInt64(number)) }
      loaders.append(loader)
    }
    for loader in loaders {
      let id = Int32(loader.batches.workerProcessID ?? 0)
      emit("named_memory", ProcessFigures.usesNamedMemory(id) || ProcessFigures.usesNamedMemory(getpid()))
    }
    // From now on nothing lets go of them.
    for loader in loaders { _ = unsafe Unmanaged.passRetained(loader) }
    emit("ready", getpid())
    switch scenario.text(0) {
    case "exit": exit(0)
    case "_exit": _exit(0)
    case "abort": abort()
    case "return": return
    default: while true { pause() }
    }
  }
}
