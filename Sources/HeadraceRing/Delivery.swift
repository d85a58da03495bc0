import HeadraceCore

/// What a consumer finds at the next position of a ring.
package enum Delivery: ~Copyable {
  /// A batch, leased: its slot goes back when the batch leaves its scope.
  case batch(Batch)
  /// No further batch of this epoch follows; epochs count from 0.
  case endOfEpoch(Int)
  /// The epoch ended with this error. What came before it was delivered.
  case failure(HeadraceError, epoch: Int)
}
