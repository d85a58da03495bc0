import HeadraceCore
import HeadraceSystem

extension HeadraceError {
  /// A file of a cache or a quarantine that the system refuses.
  static func storage(_ error: FileError) -> HeadraceError {
    HeadraceError(error.isMissing ? .notFound : .inputOutput, error.description)
  }

  /// A cache that is not what a writer made: which, where, what, and the remedy.
  ///
  /// - Parameter what: what is wrong there, without a full stop.
  static func damagedCache(
    _ path: String, at offset: Int, _ what: String, sample: SampleID? = nil, cause: String? = nil
  ) -> HeadraceError {
    HeadraceError(
      .malformedCache, "Cache \(path), byte \(offset): \(what); delete \(path), it is built again.", sample: sample,
      cause: cause)
  }
}

/// Runs `work` on a file of a cache or a quarantine, and gives what it throws as a `HeadraceError`.
func storing<Result: ~Copyable>(_ work: () throws(FileError) -> Result) throws(HeadraceError) -> Result {
  do { return try work() } catch { throw .storage(error) }
}
