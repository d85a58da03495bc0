import Glibc
import Synchronization

/// Lets the memory run out between the two parts in which a ring is reserved: who asks for the second gets ENOSPC.
enum LaterReservation {
  static let fails = Atomic(false)
}

/// Stands before the C library's in this program. See `man 2 fallocate`.
@_cdecl("fallocate") func reserve(_ file: Int32, _ mode: Int32, _ offset: Int, _ byteCount: Int) -> Int32 {
  if offset > 0, LaterReservation.fails.load(ordering: .relaxed) {
    errno = ENOSPC
    return -1
  }
  return libraryReserve(file, mode, offset, byteCount)
}

/// The C library's own, by its other name.
@_silgen_name("fallocate64") private func libraryReserve(
  _ file: Int32, _ mode: Int32, _ offset: Int, _ byteCount: Int
) -> Int32
