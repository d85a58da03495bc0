import Glibc
import HeadraceSystem

extension FileDescriptor {
  /// A further number for the same open file (dup(2)).
  borrowing func duplicate() throws(Errno) -> Int32 {
    let copy = dup(number)
    guard copy >= 0 else { throw Errno.last("dup") }
    return copy
  }
}

/// For loops that wait on a thread of their own process (sched_yield(2)).
func yieldProcessor() {
  sched_yield()
}
