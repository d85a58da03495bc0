import HeadracePipeline
import HeadraceTestSupport

/// A pipeline, a machine and a trainer, made from a seed.
struct RandomSystem: CustomStringConvertible {
  let seed: Int
  let stages: [SimulatedStage]
  let coreCount: Int
  let laneCount: Int
  let trainer: SimulatedSystem.Trainer
  /// Calls of each stage in a second that the trainer needs.
  let demand: [Double]
  /// The standard deviation of a call's time, as a share of it.
  var noise = 0.2

  init(seed: Int) {
    var random = SplitMix64(seed: seed)
    func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
    /// As likely between 1 and 2 as between 2 and 4.
    func scaled(from low: Double, doublings: Int) -> Double {
      low * Double(1 << Int.random(in: 0..<doublings, using: &random)) * uniform(1...2)
    }
    self.seed = seed
    coreCount = Int(scaled(from: 2, doublings: 5).rounded())
    let batchSize = Int(scaled(from: 1, doublings: 5).rounded())
    let rowsPerSecond = scaled(from: 20, doublings: 3)
    let stageCount = Int.random(in: 1...5, using: &random)
    var stages: [SimulatedStage] = []
    // Lanes that the stage needs, at the trainer's pace.
    for index in 0..<stageCount {
      let lanes = scaled(from: 0.06, doublings: 8)
      var stage = SimulatedStage(name: "s\(index)")
      let kind = Int.random(in: 0..<10, using: &random)
      if Int.random(in: 0..<6, using: &random) == 0 { stage.keep = uniform(0.4...1) }
      switch kind {
      case 0..<4: stage.cpuSeconds = lanes
      case 4..<6: stage.sleepSeconds = lanes
      case 6..<9:
        let share = uniform(0.1...0.9)
        stage.cpuSeconds = share * lanes
        stage.sleepSeconds = (1 - share) * lanes
      default:
        stage.lockSeconds = min(lanes, 0.8) * uniform(0.2...1)
        stage.sleepSeconds = lanes - stage.lockSeconds
      }
      stage.start = Int.random(in: 0..<3, using: &random) == 0 ? Int(scaled(from: 1, doublings: 5)) : 1
      stage.isOrdered = Bool.random(using: &random)
      // The rows of a batch lie in the ring, whose memory is there anyway.
      if index == stageCount - 1 { stage.byteCount = 0 }
      stages.append(stage)
    }
    // From the trainer backwards: what a filter leaves out has to be made too.
    var rate = rowsPerSecond
    var demand = Array(repeating: 0.0, count: stageCount)
    for index in stages.indices.reversed() {
      rate /= stages[index].keep
      demand[index] = rate
      stages[index].lockSeconds /= rate
      stages[index].sleepSeconds /= rate
      stages[index].cpuSeconds /= rate
    }
    self.stages = stages
    self.demand = demand
    laneCount = 64
    trainer = SimulatedSystem.Trainer(stepSeconds: Double(batchSize) / rowsPerSecond, batchSize: batchSize)
  }

  var description: String { "seed \(seed): \(coreCount) cores, \(trainer), \(stages), lanes \(needed)" }

  /// Little's law: the lanes that each stage keeps at work at the trainer's pace.
  var needed: [Double] { zip(stages, demand).map { $0.seconds * $1 } }

  /// Cores that the trainer's pace keeps at work.
  var neededCores: Double { zip(stages, demand).reduce(0) { $0 + $1.0.cpuSeconds * $1.1 } }

  /// The share of time that the lock that is held most is held at the trainer's pace.
  var neededLock: Double { zip(stages, demand).map { $0.lockSeconds * $1 }.max() ?? 0 }

  /// Whether some concurrency lets the trainer go on without waiting, with a tenth to spare for chance.
  var isFeasible: Bool { neededCores < 0.9 * Double(coreCount) && neededLock < 0.9 }

  /// The share of its steps that the trainer can make, at most.
  var attainable: Double { min(1, Double(coreCount) / neededCores, 1 / neededLock) }

  func system() -> SimulatedSystem {
    let system = SimulatedSystem(
      stages: stages, coreCount: coreCount, laneCount: laneCount, trainer: trainer, seed: seed)
    system.noise = noise
    return system
  }

  /// The share of time that the trainer waits with a concurrency that stays.
  func waitShare(at concurrency: [Int], warmUp: Double = 20, seconds: Double = 20) -> Double {
    let system = system()
    system.concurrency = concurrency
    _ = system.lap(of: warmUp)
    return system.lap(of: seconds).waitSeconds / seconds
  }
}
