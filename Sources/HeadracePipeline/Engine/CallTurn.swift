import HeadraceCore

/// Whether a closure may be called for a sample.
enum CallTurn {
  /// At once, beside others.
  case free
  /// While no other is called.
  case alone
  /// Not at all: it has ended too many processes.
  case convicted(HeadraceError)
}
