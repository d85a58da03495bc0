import Headrace

/// The pipeline that `headrace-bench start` starts: one batch of PNG files out of a shard.
struct StartPipeline: PipelineFactory {
  var shard: String

  func makePipeline() throws -> BatchPipeline {
    Pipeline(from: try ShardSource(shard)).batch(StartShard.spec) { record, row in
      try PNG.decode(try record.bytes(StartShard.field), into: try row.tensor("image"))
    }
  }

  struct StuckStop: Error, CustomStringConvertible {
    var description: String { "a loader whose stages are idle had to be killed" }
  }

  struct NoBatch: Error, CustomStringConvertible {
    var description: String { "the pipeline ended without the batch that it was to make" }
  }
}
