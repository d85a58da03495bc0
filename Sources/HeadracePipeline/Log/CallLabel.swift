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

  /// Of calls that are made for another process, on threads that are no lanes.
  @TaskLocal package static var current: CallLabel?
}
