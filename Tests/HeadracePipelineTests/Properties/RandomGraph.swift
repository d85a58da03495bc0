import HeadracePipeline

/// A pipeline of numbers that was made from a seed. What it has to give is told by `GraphModel`.
struct RandomGraph: CustomStringConvertible {
  let seed: Int
  let origin: GraphOrigin
  let stages: [GraphStage]
  let threads: Int
  let epochs: Int

  /// - Parameter mixed: whether stages may hand on results as they are completed. Then no stage behind the first such
  ///   one depends on the order, so that the samples that come out are still known, if not their order.
  init(seed: Int, mixed: Bool = false) {
    var generator = GraphGenerator(seed: seed, mixed: mixed)
    self.seed = seed
    origin = generator.origin()
    threads = generator.among(1...4)
    epochs = generator.among(1...2)
    stages = generator.chain(generator.among(1...8), at: .trunk)
  }

  /// As a program that a reader could try.
  var description: String {
    (["// seed \(seed)\n\(origin)"] + stages.map { "  \($0)" } + ["  .run(threads: \(threads), epochs: \(epochs))"])
      .joined(separator: "\n")
  }

  var pipeline: Pipeline<Int> { origin.pipeline().appending(stages) }
}
