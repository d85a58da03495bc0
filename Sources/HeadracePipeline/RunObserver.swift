import HeadraceCore

/// Is told what a run does, while it does it. Calls come from many threads.
package protocol RunObserver: AnyObject, Sendable {
  /// `lane` starts a call of a stage's closure, or the reading of a sample. Comes for each sample, so should take some
  /// nanoseconds.
  func begin(lane: Int, stage: Int, name: String, epoch: Int, position: Int, sample: SampleID?)
  /// `lane` has nothing to do.
  func end(lane: Int)
  /// Bytes were moved within the sink's memory, to close the hole of a failed sample, or copied into it, of rows whose
  /// place was not known before their batch was complete.
  func copied(byteCount: Int)
  /// A sample was left out.
  func skipped(_ failure: SampleFailure)
  /// Automatic concurrency has decided something.
  func tuned(_ note: TuningNote)
}

extension RunObserver {
  package func tuned(_ note: TuningNote) {}
}
