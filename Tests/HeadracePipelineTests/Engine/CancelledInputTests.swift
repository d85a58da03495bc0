import HeadraceCore
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

/// A repeat cancels the queues of the pass before while their stages may be at work.
@Suite struct CancelledInputTests {
  /// Cancels the queue before the cache when it is about to be filled.
  private final class Store: CacheStore {
    private final class Filling: CacheFilling {
      let finished: Tally
      init(_ finished: Tally) { self.finished = finished }
      var problem: HeadraceError? { nil }
      func append(_ item: Item) -> Bool { true }
      func finish() -> Bool {
        finished.add()
        return true
      }
    }

    let input = Mutex<HandoverQueue?>(nil)
    let finished = Tally()
    func open() -> (() throws(HeadraceError) -> Item?)? { nil }
    func fill() -> any CacheFilling {
      input.withLock { $0 }?.cancel()
      return Filling(finished)
    }
  }

  @Test func aCacheDoesNotTakeItForTheEndOfTheSamples() throws {
    let store = Store()
    let stage = StageBlueprint(
      StageDescription(kind: .cache, name: "cache"), inputs: [Pipeline(from: 0..<1_000).output]
    ) { assembly in
      store.input.withLock { $0 = assembly.inputs[0] }
      return CacheNode(assembly.stage.memory.value { CacheNode.Memory(store) }, assembly)
    }
    let pipeline = Pipeline<Int>(output: StageOutput(stage: stage), limits: PipelineLimits())
    #expect(try pipeline.collected() == [[]])
    #expect(store.finished.count == 0, "a part was kept as if it were all")
  }

  @Test func aRepeatDoesNotTakeItForTheEndOfAPass() throws {
    let sources = Tally()
    let source = StageBlueprint(StageDescription(kind: .source, name: "source"), inputs: []) { assembly in
      sources.add()
      return ReplayNode([], assembly)
    }
    let stage = StageBlueprint(
      StageDescription(kind: .repeat, name: "repeat"), inputs: [StageOutput(stage: source)], passCount: 2
    ) { assembly in
      assembly.inputs[0].cancel()
      return RepeatNode(passCount: 2, assembly)
    }
    let pipeline = Pipeline<Int>(output: StageOutput(stage: stage), limits: PipelineLimits())
    #expect(try pipeline.collected() == [[]])
    #expect(sources.count == 1, "it has begun another pass")
  }
}
