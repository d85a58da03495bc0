import HeadraceCore

/// How the flow of samples through a stage ends.
enum Ending: Sendable, Hashable {
  case endOfEpoch
  case failure(HeadraceError)
}

extension Ending {
  var isFailure: Bool {
    if case .failure = self { return true }
    return false
  }
}

extension Optional where Wrapped == Ending {
  var isFailure: Bool {
    if case .failure? = self { return true }
    return false
  }
}
