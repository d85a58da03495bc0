import HeadraceCore
import HeadracePipeline
import Testing

/// Whether what is left of an epoch can be told from the positions that have come out of it.
@Suite struct RepeatingTests {
  private func obstacle(_ pipeline: Pipeline<Int>, epoch: Int = 0) throws -> String? {
    let spec = BatchSpec(size: 4, TensorSpec("x", .int64))
    return try PipelinePlan(pipeline.batch("collate", spec) { try $1.write(Int64($0), to: "x") })
      .obstacleToRepeating(epoch: epoch)
  }

  private func source(_ name: String = "source") -> Pipeline<Int> { Pipeline(name, from: 0..<10) }

  /// Stages by name, each on a source whose samples come in the order given.
  private func pipelines(_ ordering: Ordering) -> [(String, Pipeline<Int>)] {
    let first = source().map("first", concurrency: 2, ordering: ordering) { $0 }
    return [
      ("flatMap", first.flatMap("flatMap") { [$0] }), ("unbatch", first.batch(2).unbatch()),
      ("take", first.take(5)), ("skip", first.skip(5)),
      ("zip", first.zip(with: source("b")).map { $0.0 }), ("interleave", first.interleave(with: source("b"))),
    ]
  }

  @Test func inOrderNoStageIsAnObstacle() throws {
    for (name, pipeline) in pipelines(.input) { #expect(try obstacle(pipeline, epoch: 3) == nil, "\(name)") }
  }

  @Test func withoutOrderAStageThatDependsOnItIsNamed() throws {
    for (name, pipeline) in pipelines(.completion) {
      #expect(
        try obstacle(pipeline)
          == "stage \"first\" hands on what is done first, and what comes out of stage \"\(name)\" depends on that")
    }
  }

  @Test func withoutOrderWhatTakesEachSampleByItselfIsNoObstacle() throws {
    let pipeline = source().map("m", concurrency: 2, ordering: .completion) { $0 }.filter { $0 > 1 }.tap { _ in }
      .shuffle(size: 4, seed: 1)
    #expect(try obstacle(pipeline, epoch: 3) == nil)
  }

  @Test func whatDependsOnTimeIsAnObstacleInAnyOrder() throws {
    #expect(
      try obstacle(source().merge(with: source("b"))) == "what comes out of stage \"merge\" depends on time")
    #expect(
      try obstacle(source().batch(max: 2, within: .seconds(1)).unbatch())
        == "what comes out of stage \"group\" depends on time")
    #expect(try obstacle(source().microBatch("m", max: 2, within: .seconds(1)) { $0 }) == nil)
  }

  @Test func aCacheInMemoryIsAnObstacleFromTheSecondEpochOn() throws {
    let pipeline = source().cache(.memory(bytes: 1 << 20))
    #expect(try obstacle(pipeline, epoch: 0) == nil)
    #expect(try obstacle(pipeline, epoch: 1) == "what stage \"cache\" had kept in memory is gone")
    #expect(try obstacle(source().cache(.disk(path: "a.cache")), epoch: 1) == nil)
  }
}
