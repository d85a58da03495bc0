/// What became of an attempt to lock a file.
package enum FileLock: Sendable, Hashable {
  /// This open file has the lock, until it is closed.
  case taken
  /// Another open file has it, of this process or another.
  case held
  /// This file system has no locks.
  case unavailable
}
