import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport

/// A pipeline made from a seed, and what running it has to give: computed one sample after the other.
struct RandomPipeline: CustomStringConvertible {
  struct Stage {
    var isFilter: Bool
    var concurrency: Int
    var ordering: Ordering
    /// Failures that are left out; -1 for `.raise`.
    var tolerated: Int
    var prefetch: Int?
    /// One sample in so many fails, or is filtered out.
    var failsEach: Int
    var dropsEach: Int
    var salt: Int

    var policy: FailurePolicy { tolerated < 0 ? .raise : .skip(upTo: tolerated) }

    func fails(_ number: Int) -> Bool { failsEach > 0 && (number &* 31 &+ salt) % failsEach == 0 }
    func drops(_ number: Int) -> Bool { isFilter && (number &* 17 &+ salt) % dropsEach == 0 }
  }

  /// What a run has to give when all stages keep the order.
  struct Expectation {
    var batches: [[UInt64]] = []
    /// Stage and position of the sample that ends the run.
    var fatal: (stage: String, position: Int)?
    /// Positions of the samples left out by each stage before the end.
    var skipped: [[Int]] = []
  }

  let seed: Int
  let count: Int
  let sourceFailsAt: Int?
  /// The last is the batch.
  let stages: [Stage]
  let size: Int
  let partial: PartialBatch
  let threads: Int
  let buffers: Int

  init(seed: Int, ordering: Ordering?) {
    var random = SplitMix64(seed: seed)
    func among(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    self.seed = seed
    count = [0, 1, among(2...20), among(20...300), among(300...1500)].randomElement(using: &random)!
    sourceFailsAt = among(0...9) == 0 ? among(0...max(count, 1)) : nil
    stages = (0...among(0...3)).map { _ in
      Stage(
        isFilter: among(0...2) == 0, concurrency: among(1...5),
        ordering: ordering ?? (Bool.random(using: &random) ? .input : .completion),
        tolerated: [-1, 0, among(1...5), 10_000, 10_000].randomElement(using: &random)!,
        prefetch: among(0...2) == 0 ? among(1...6) : nil,
        failsEach: [0, 0, among(1...5), among(20...400)].randomElement(using: &random)!, dropsEach: among(1...5),
        salt: among(0...1000))
    }
    size = among(1...12)
    partial = [.drop, .pad, .emit].randomElement(using: &random)!
    threads = among(1...4)
    buffers = among(1...4)
  }

  var description: String {
    "seed \(seed): \(count) samples, source fails at \(String(describing: sourceFailsAt)), \(stages), size \(size),"
      + " \(partial), \(threads) threads, \(buffers) buffers"
  }

  var pipeline: BatchPipeline {
    var pipeline = Pipeline(from: FaultySource(length: count, failsAt: sourceFailsAt))
    for (index, stage) in stages.dropLast().enumerated() {
      if stage.isFilter {
        pipeline = pipeline.filter(
          "s\(index)", concurrency: .fixed(stage.concurrency), ordering: stage.ordering, onFailure: stage.policy
        ) { number in
          if stage.fails(number) { throw Mishap() }
          return !stage.drops(number)
        }
      } else {
        pipeline = pipeline.map(
          "s\(index)", concurrency: .fixed(stage.concurrency), ordering: stage.ordering, onFailure: stage.policy
        ) { number in
          if stage.fails(number) { throw Mishap() }
          return number
        }
      }
      if let prefetch = stage.prefetch { pipeline = pipeline.prefetch(prefetch) }
    }
    let last = stages[stages.count - 1]
    return pipeline.batch(
      "s\(stages.count - 1)", BatchSpec(size: size, TensorSpec("x", .int64), TensorSpec("y", .uint8, shape: [3])),
      concurrency: .fixed(last.concurrency), ordering: last.ordering, onFailure: last.policy, partial: partial
    ) { number, row in
      try row.write(Int64(number), to: "x")
      if last.fails(number) { throw Mishap() }
      try row.write(contentsOf: (0..<3).map { UInt8(truncatingIfNeeded: number + $0) }, to: "y")
    }
  }

  /// What comes out, sample by sample.
  var expectation: Expectation {
    var expectation = Expectation(skipped: Array(repeating: [], count: stages.count))
    var survivors: [UInt64] = []
    samples: for number in 0...count {
      if number == sourceFailsAt {
        expectation.fatal = ("source", number)
        break
      }
      if number == count { break }
      for (index, stage) in stages.enumerated() {
        if stage.fails(number) {
          if expectation.skipped[index].count >= max(stage.tolerated, 0) {
            expectation.fatal = ("s\(index)", number)
            break samples
          }
          expectation.skipped[index].append(number)
          continue samples
        }
        if index < stages.count - 1, stage.drops(number) { continue samples }
      }
      survivors.append(UInt64(number))
    }
    for start in stride(from: 0, to: survivors.count, by: size) {
      let batch = Array(survivors[start..<min(start + size, survivors.count)])
      if batch.count == size || (expectation.fatal == nil && partial != .drop) { expectation.batches.append(batch) }
    }
    return expectation
  }
}
