/// Less for the stages that have more than the trainer needs.
extension Autotuner {
  /// Lowers what the observations since the last change allow.
  mutating func lower() -> [TuningDecision] {
    guard isDemandKnown else { return [] }
    var decisions: [TuningDecision] = []
    for index in stages.indices where isWorkKnown(index) {
      let from = stages[index].concurrency
      let to = enough(for: index)
      guard to < from else { continue }
      stages[index].loweredFrom = from
      stages[index].climb = nil
      stages[index].concurrency = to
      let reason = TuningReason.moreThanNeeded(
        lanes: quiet.lanesInUse(index), callsPerSecond: quiet.throughput(index), callSeconds: quiet.callSeconds(index))
      decisions.append(TuningDecision(stage: stages[index].stage.name, from: from, to: to, reason: reason))
    }
    return decisions
  }

  /// Whether the observations since the last change tell what is needed: 32 steps, unless the trainer waits and takes
  /// whatever it gets.
  var isDemandKnown: Bool { quiet.stepCount >= 32 || quiet.waitShare > limits.tolerableWait }

  /// Whether enough calls have ended to say what the stage needs, if that can make a difference.
  func isWorkKnown(_ index: Int) -> Bool {
    stages[index].concurrency == stages[index].stage.range.lowerBound || quiet.callCount(index) >= 128
  }

  /// The lanes that were at work for the stage, since by Little's law as many are needed for as many calls; and a
  /// margin of a tenth, or of half a lane where that is less: with many lanes chance evens out.
  private func enough(for index: Int) -> Int {
    let lanes = quiet.lanesInUse(index)
    let enough = (lanes + min(lanes / 10, 0.5)).rounded(.up)
    return max(Int(enough), stages[index].floor ?? 1, stages[index].stage.range.lowerBound)
  }
}
