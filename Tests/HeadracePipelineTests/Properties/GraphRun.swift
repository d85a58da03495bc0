import HeadraceCore
import HeadracePipeline

/// A random graph that was run to its end.
struct GraphRun {
  struct Epoch {
    var values: [Int] = []
    var error: ModelStream.Fault?
    var skipped: [ModelStream.Fault] = []
  }

  private(set) var epochs: [Epoch]
  /// What did not end when it was told to.
  private(set) var callsAtEnd: [RunningCall] = []

  init(_ graph: RandomGraph) throws {
    var elements = try graph.pipeline.run(threads: graph.threads, epochs: graph.epochs)
    epochs = Array(repeating: Epoch(), count: graph.epochs)
    for number in 0..<graph.epochs {
      do throws(HeadraceError) {
        while let value = try elements.next() { epochs[number].values.append(value) }
      } catch {
        epochs[number].error = ModelStream.Fault(error, position: error.sample.flatMap(Self.position))
      }
      // It keeps the newest 1000 only.
      note(&elements)
    }
    callsAtEnd = elements.stop(timeout: .seconds(60))
    note(&elements)
  }

  private mutating func note(_ elements: inout Elements<Int>) {
    let failures = elements.takeFailures()
    precondition(failures.count == failures.newest.count, "more failures than are kept")
    for failure in failures.newest {
      epochs[failure.epoch].skipped.append(ModelStream.Fault(failure.error, position: failure.position))
    }
  }

  private static func position(_ sample: SampleID) -> Int? {
    sample.key.split(separator: " ").last.flatMap { Int($0) }
  }
}

extension ModelStream.Fault {
  init(_ error: HeadraceError, position: Int?) {
    self.init(stage: error.stage ?? "", position: position, code: error.code)
  }
}
