import HeadracePipeline
import HeadraceRing

/// Which samples were at work when a loader's workers died, and how often: a pure value, tested without a process.
struct SuspectLedger {
  /// Stages that call closures: what others were at, such as a source that reads, tells nothing of a sample.
  private let stages: Set<String>
  /// Those that the next worker has to know.
  private(set) var suspects: [Suspect] = []

  init(_ stages: [StageDescription]) {
    self.stages = Set(stages.filter(\.callsOnLanes).map(\.name))
  }

  /// How many samples have turned out not to be tried again, since the start.
  private(set) var convictedCount = 0

  /// A worker has died.
  ///
  /// - Parameters:
  ///   - entries: what was at work.
  ///   - epoch: the first that is not over: what was suspected before it is forgotten, unless it is known by name.
  mutating func died(atWork entries: [InFlightTable.Entry], epoch: Int) {
    suspects.removeAll { $0.epoch < epoch && !($0.isConvicted && $0.key != nil) }
    let calls = entries.filter { stages.contains($0.stageName) }
    for entry in calls {
      let place = suspects.firstIndex {
        $0.stage == entry.stageName && $0.epoch == entry.epoch && $0.position == entry.position
      }
      if place == nil {
        suspects.append(
          Suspect(stage: entry.stageName, epoch: entry.epoch, position: entry.position, key: entry.key))
      }
      let index = place ?? suspects.endIndex - 1
      let wasConvicted = suspects[index].isConvicted
      suspects[index].deaths += 1
      if calls.count == 1 { suspects[index].deathsAlone += 1 }
      if suspects[index].isConvicted, !wasConvicted { convictedCount += 1 }
    }
  }
}
