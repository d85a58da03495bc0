import HeadraceCore

/// What a stage gave with a concurrency while it limited the pipeline.
package struct TuningYield: Sendable, Hashable {
  /// Samples that it worked on at once.
  package var concurrency: Int
  /// Calls that ended in a second.
  package var callsPerSecond: Double
  /// Mean seconds of a call.
  package var callSeconds: Double
}

extension TuningYield: CustomStringConvertible {
  /// For example `with 4 it made 410 calls a second of 9.7 ms each`.
  package var description: String {
    "with \(concurrency) it made \(HumanUnits.decimal(callsPerSecond, places: 0)) calls a second"
      + " of \(HumanUnits.seconds(callSeconds)) each"
  }
}
