import CHeadraceLinux
import Glibc

extension ChildProcess {
  /// Starts a program, by its path or by a name that PATH leads to. It has this process's streams and environment,
  /// default signals, one open file as its descriptor 3, and no other.
  ///
  /// Works in any process, however warm it is. See `man 3 posix_spawn`.
  ///
  /// - Parameter descriptor: what it is to have; this process keeps its own.
  /// - Throws: ENOENT when there is no such program; of posix_spawn(3).
  public init(spawning program: String, _ arguments: [String], descriptor: Int32) throws(Errno) {
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var child = pid_t()
    let code = unsafe headrace_spawn(program, words, descriptor, &child)
    guard code == 0 else { throw Errno("posix_spawn", code: code) }
    try self.init(processID: child)
  }

  /// The descriptor that a spawned program finds, in that program.
  public static var spawnedDescriptor: FileDescriptor { FileDescriptor(owning: Int32(HEADRACE_SPAWN_DESCRIPTOR)) }
}
