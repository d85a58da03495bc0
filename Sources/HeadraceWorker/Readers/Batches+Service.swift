import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// For a process that keeps a loader for others and does not read.
extension Batches {
  /// What has become of a loader.
  package enum ServiceState: Sendable {
    case goesOn
    /// Nothing is published before more readers are there.
    case isMissingReaders
    /// All epochs are out, and everything has been given back.
    case isRead
  }

  /// Waits until the loader ends, or the deadline.
  ///
  /// - Throws: `workerDied` where it has ended; `stageFailed` where an epoch has ended with an error and nobody reads
  ///   any more.
  package mutating func service(until deadline: UInt64) throws(HeadraceError) -> ServiceState {
    if loaderHasEnded(until: deadline) { throw describeDeath() }
    if ring.missingReaderCount > 0 { return .isMissingReaders }
    // The end of an epoch may have been handed over to one that has had it, and has gone.
    let isDelivered = ring.usedSlotCount == 0 || ring.activeReaders.isEmpty && ring.pendingBatchCount == 0
    guard let position = ring.streamPosition, isDelivered, position.isEnded else { return .goesOn }
    if position.hasFailed, ring.activeReaders.isEmpty {
      throw HeadraceError(
        .stageFailed, "Epoch \(position.epoch) has ended with an error, of which its readers were told; they are gone.")
    }
    return isThrough(position) ? .isRead : .goesOn
  }

  private func isThrough(_ position: StreamPosition) -> Bool {
    epochLimit.map { position.nextEpoch >= $0 && !position.hasFailed } ?? false
  }

  /// Epochs whose ends are out.
  package var endedEpochCount: Int { ring.streamPosition?.nextEpoch ?? 0 }
}
