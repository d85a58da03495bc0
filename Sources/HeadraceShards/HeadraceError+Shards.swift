import HeadraceCore

extension HeadraceError {
  /// The remedy for a shard whose bytes are not what was written.
  static let fetchAgain = "fetch or write the shard again"

  /// A shard that breaks its format: which, where, what, and the remedy.
  ///
  /// - Parameter place: As a stream tells it: `byte 1024`.
  static func malformedShard(
    _ name: String, at place: String, _ what: String, remedy: String = HeadraceError.fetchAgain
  ) -> HeadraceError {
    HeadraceError(.malformedShard, "Shard \(name), \(place): \(what); \(remedy).")
  }
}
