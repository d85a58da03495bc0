import Glibc

/// A page of the machine's memory.
public enum MemoryPage {
  /// Its size, 4096 on most machines. See `man 3 sysconf`.
  public static let byteCount = sysconf(Int32(_SC_PAGESIZE))
}
