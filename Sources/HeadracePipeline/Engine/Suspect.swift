/// A sample that was at work when a process ended that ran the pipeline.
package struct Suspect: Hashable, Sendable {
  /// The stage that worked on it.
  package var stage: String
  package var epoch: Int
  /// Its position in that epoch.
  package var position: Int
  /// The end of its name, as `InFlightTable` keeps it; nil if it has none.
  package var key: String?
  /// How often it was at work at such an end.
  package var deaths: Int
  /// How often nothing else was.
  package var deathsAlone: Int

  package init(
    stage: String, epoch: Int, position: Int, key: String?, deaths: Int = 0, deathsAlone: Int = 0
  ) {
    self.stage = stage
    self.epoch = epoch
    self.position = position
    self.key = key
    self.deaths = deaths
    self.deathsAlone = deathsAlone
  }

  /// Whether a sample of this name is meant: of a long name only the end is known.
  func isNamed(_ name: String) -> Bool {
    guard let key else { return false }
    return key == name || key.utf8.count > 60 && name.hasSuffix(key)
  }

  /// Whether it is not to be tried again. The first end may have been another sample's fault, or somebody's who has
  /// killed the process; in the last two of them there was nothing else at work.
  package var isConvicted: Bool { deaths >= 3 && deathsAlone >= 2 }
}
