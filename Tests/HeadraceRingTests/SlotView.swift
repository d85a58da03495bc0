@testable import HeadraceRing

/// What a slot is for a ring of one reader.
enum SlotView: CaseIterable {
  case free, claimed, published, leased

  init(_ stamp: SlotStamp) {
    switch stamp.state {
    case .free?: self = .free
    case .claimed?: self = .claimed
    case .published?: self = stamp.wanted.isEmpty ? .leased : .published
    case nil: preconditionFailure("a stamp of \(stamp.rawValue)")
    }
  }
}
