import HeadracePipeline
import Testing

@Suite struct FrozenTuningTests {
  private func tuner(_ stages: [TunedStage]) -> Autotuner {
    Autotuner(stages: stages, limits: TuningLimits(coreCount: 4))
  }

  @Test func whatWasFoundIsPrintedAsSwift() {
    let tuner = tuner([
      TunedStage("source", kind: .source, fixed: 1),
      TunedStage("decode", concurrency: 4, range: 1...16),
      TunedStage("collate", kind: .batch, concurrency: 2, range: 1...16),
    ])
    #expect(
      tuner.frozenTuning.description == """
        // .map("decode", concurrency: 4, ...)
        // .batch("collate", concurrency: 2, ...)
        .concurrency(["decode": 4, "collate": 2])
        """)
    #expect(tuner.frozen == ["decode": 4, "collate": 2])
  }

  @Test func aNameIsWrittenAsALiteral() {
    let name = "a \"b\"\\(c)\n"
    let text = tuner([TunedStage(name, concurrency: 1, range: 1...2)]).frozenTuning.description
    #expect(
      text == #"""
        // .map("a \"b\"\\(c)\n", concurrency: 1, ...)
        .concurrency(["a \"b\"\\(c)\n": 1])
        """#)
  }

  @Test func nothingToFreezeIsAnEmptyDictionary() {
    #expect(tuner([TunedStage("decode", fixed: 4)]).frozenTuning.description == ".concurrency([:])")
  }
}
