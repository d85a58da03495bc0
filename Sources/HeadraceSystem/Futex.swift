import CHeadraceLinux
import Synchronization

/// Sleeping on a word of memory that processes share, until another of them changes it. See `man 2 futex`.
///
/// For a wait that needs no second thing to wait for; together with another process's end, `EventSignal` is polled.
public enum Futex {
  /// Sleeps as long as `word` is `expected`, until `wake` or `deadline`. May return early: look at the word again.
  public static func wait(
    _ word: UnsafeMutablePointer<Atomic<UInt32>>, while expected: UInt32, until deadline: UInt64? = nil
  ) {
    _ = unsafe headrace_futex_wait(
      UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self), expected,
      MonotonicClock.nanoseconds(until: deadline))
  }

  /// Wakes all who sleep on `word`, which has been changed before.
  public static func wake(_ word: UnsafeMutablePointer<Atomic<UInt32>>) {
    _ = unsafe headrace_futex_wake(UnsafeMutableRawPointer(word).assumingMemoryBound(to: UInt32.self), .max)
  }
}
