import HeadraceCore

/// How the flow of samples through a stage ends.
enum Ending: Sendable, Hashable {
  case endOfEpoch
  case failure(HeadraceError)
}
