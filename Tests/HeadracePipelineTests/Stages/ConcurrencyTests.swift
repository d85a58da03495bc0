import HeadraceCore
import HeadracePipeline
import Testing

/// Concurrency by the names of stages, and what is said of one that cannot be.
@Suite struct ConcurrencyTests {
  private func counts(_ stages: [StageDescription]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: stages.map { ($0.name, $0.concurrency.count) })
  }

  @Test func aFrozenPipelineHasTheSameStagesWithPlainNumbers() throws {
    let pipeline = Pipeline(from: 0..<100)
      .map("decode", concurrency: .automatic, ordering: .completion, onFailure: .skip(upTo: 3)) { 2 * $0 }
      .prefetch(3)
      .filter("odd", concurrency: .automatic(upTo: 8)) { $0 % 4 != 0 }
      .shuffle(size: 10, seed: 1)
    let frozen = pipeline.concurrency(["decode": 4, "odd": 2])
    #expect(counts(frozen.stages) == ["source": 1, "decode": 4, "odd": 2, "shuffle": 1])
    #expect(frozen.stages.allSatisfy { !$0.concurrency.isAutomatic })
    var expected = pipeline.stages
    for index in expected.indices { expected[index].concurrency = frozen.stages[index].concurrency }
    #expect(frozen.stages == expected)
    #expect(try frozen.collected()[0].sorted() == pipeline.collected()[0].sorted())
    // The first one is as it was.
    #expect(pipeline.stages.count { $0.concurrency.isAutomatic } == 2)
  }

  @Test func itReachesThePathsOfARouteAndABatchAtTheEnd() throws {
    let spec = BatchSpec(size: 10, TensorSpec("x", .int64))
    let routed = Pipeline(from: 0..<100)
      .map("read", concurrency: .automatic) { $0 }
      .route(
        by: { $0 % 2 == 0 ? "even" : "odd" },
        into: .path("even") { $0.map("half", concurrency: .automatic) { $0 / 2 }.concurrency(["half": 2]) },
        .path("odd") { $0.map("negate", concurrency: .automatic) { -$0 } })
    #expect(try routed.collected()[0] == (0..<100).map { $0 % 2 == 0 ? $0 / 2 : -$0 })
    let frozen = routed.concurrency(["read": 2, "negate": 3])
    #expect(try frozen.collected() == routed.collected())
    #expect(counts(frozen.stages)["half"] == 2)
    let batches = routed.batch("collate", spec, concurrency: .automatic) { try $1.write(Int64($0), to: "x") }
      .concurrency(["read": 5, "collate": 2])
    let plan = try PipelinePlan(batches)
    #expect(counts(plan.stages)["read"] == 5 && counts(plan.stages)["collate"] == 2)
  }

  @Test func aNameThatIsNotThereIsRefusedWithTheOneThatWasMeant() throws {
    let pipeline = Pipeline(from: 0..<10).map("decode") { $0 }.shuffle(size: 10, seed: 1)
    let wrong = try #require(pipeline.concurrency(["decod": 4]).mistake)
    #expect(wrong.contains("concurrency([\"decod\": 4]) names a stage that the pipeline does not have"))
    #expect(wrong.contains("did you mean \"decode\"? It has \"source\", \"decode\", \"shuffle\"."))
    #expect(pipeline.concurrency(["resize": 4]).mistake?.contains("does not have. It has") == true)
    let ordered = try #require(pipeline.concurrency(["shuffle": 4]).mistake)
    #expect(ordered.contains("a shuffle stage works on one sample after the other"))
    #expect(pipeline.concurrency(["decode": 0]).mistake?.contains("Concurrency 0 is not possible") == true)
    #expect(pipeline.concurrency(["decode": 4]).mistake == nil)
  }

  @Test func aMaximumOrABudgetThatCannotBeIsRefused() {
    let base = Pipeline(from: 0..<10)
    for maximum in [0, -1, 4097] {
      let mistake = base.map("load", concurrency: .automatic(upTo: maximum)) { $0 }.mistake
      #expect(mistake?.contains(".automatic(upTo: \(maximum)) is not possible") == true, "\(mistake ?? "")")
    }
    #expect(base.map("load", concurrency: .automatic(upTo: 4096)) { $0 }.mistake == nil)
    for cores in [0, -1, Double.nan] {
      #expect(base.limits(cores: cores).mistake?.contains("limits(cores:") == true)
    }
    #expect(base.limits(cores: 0.5).mistake == nil)
  }
}
