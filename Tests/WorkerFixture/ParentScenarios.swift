import Glibc
import Headrace

/// The parent ends in a way that the arguments name, with loaders alive: `parent HOW LOADERS long|short METHOD`.
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
    let page = SharedPage.common
    let isLong = scenario.text(2) == "long"
    if scenario.text(3) == "fork-server" {
      try bootstrap()
      try ServerScenarios.warmUp()
    }
    var loaders: [Loader] = []
    for number in 1...scenario.number(1, 1) {
      let loader = Loader(
        try runPipelineInSubprocess(StuckPipeline(isLong: isLong, number: number), threads: 2, slots: 4))
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
