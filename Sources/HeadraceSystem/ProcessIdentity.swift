import Glibc

/// Which process this is, for what must not be undone by a forked copy of it.
public struct ProcessIdentity: Hashable, Sendable {
  private let number: Int32

  /// This process. See `man 2 getpid`.
  public static var current: ProcessIdentity { ProcessIdentity(number: getpid()) }
}
