/// Why a slice of work ended.
enum SliceResult: Sendable, Hashable {
  /// Time is up; there is more to do.
  case again
  /// There is no input, or all that is left is in the hands of other lanes.
  case starved
  /// There is no room for output.
  case blocked
  /// The stage has ended.
  case finished
}
