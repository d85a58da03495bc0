import HeadraceCore

/// What a consumer finds at the next position of a ring.
public enum Delivery: ~Copyable {
  case batch(Batch)
  case endOfEpoch(Int)
  case failure(HeadraceError, epoch: Int)
}
