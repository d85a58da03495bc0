import HeadraceCore
import HeadracePipeline
import HeadraceRing

extension Batches {
  /// Stops the loader, and tells what kept it from stopping by itself.
  ///
  /// Letting go of `Batches` does the same and cannot tell. Batches that are held stay valid.
  ///
  /// - Returns: what was being worked on still, by stage and sample, when the `stopTimeout` of the start was over; the
  ///   worker is killed by then, or, with `placement: .sameProcess`, ends when that does. Empty if it stopped by
  ///   itself.
  public consuming func stop() -> [RunningCall] {
    if askToStop() { return [] }
    return RunningCall.all(in: ring)
  }
}

extension RunningCall {
  /// What is being worked on for a ring.
  static func all(in ring: Ring) -> [RunningCall] {
    InFlightTable(ring).entries.map { entry in
      RunningCall(stage: entry.stageName, position: entry.position, sample: entry.key.map { SampleID(key: $0) })
    }
  }
}
