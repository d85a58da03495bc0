import CHeadraceLinux

/// Which process this is, for what a forked copy of it must not use or undo.
public struct ProcessIdentity: Hashable, Sendable, CustomStringConvertible {
  private let number: Int32

  /// This process. See `man 2 getpid`.
  ///
  /// - Complexity: O(1), no system call.
  public static var current: ProcessIdentity { ProcessIdentity(number: headrace_process_id()) }

  /// The process's number, as others know it.
  public var processID: Int { Int(number) }

  /// The process's number.
  public var description: String { "\(number)" }
}
