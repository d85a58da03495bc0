import HeadraceCore

/// Which call of a stage's closure the running code belongs to.
package struct CallLabel: Sendable {
  /// The stage.
  package var stage: String
  /// The sample's name, or "sample 17".
  package var sample: String

  package init(stage: String, position: Int, sample: String?) {
    self.stage = stage
    self.sample = sample ?? "sample \(position)"
  }

  /// Of code that no lane runs from its beginning to its end: tasks, and calls for another process.
  @TaskLocal package static var current: CallLabel?
}
