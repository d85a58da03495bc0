/// Why a concurrency is changed, or is not.
package enum TuningReason: Sendable, Hashable {
  /// Raised: the trainer waits, and this stage holds it up. `busy` is the share of its concurrency that was at work.
  case trainerWaits(share: Double, seconds: Double, busy: Double, callSeconds: Double)
  /// Raised: it was lowered before, and then the trainer waited.
  case loweredTooFar(share: Double, seconds: Double, busy: Double)
  /// Lowered: what the trainer takes keeps fewer lanes at work.
  case moreThanNeeded(lanes: Double, callsPerSecond: Double, callSeconds: Double)
  /// Lowered: it was raised before, and no more came of it.
  case gaveNothing(TuningBarrier)
  /// Lowered: the process uses more CPU, in cores' worth, than it is allowed.
  case overspent(cores: Double, allowed: Double)
  /// Not raised, although the trainer waits.
  case held(TuningBarrier, share: Double, seconds: Double)
}
