import HeadraceCore

/// What a process is told that wants to read.
enum ReaderReply: Codable, Sendable {
  /// It reads, from `position` on, at a place; with it come the supervisor's pidfd and the ring.
  case welcome(LoaderFacts, place: Int, position: UInt64)
  case refused(HeadraceError)
}
