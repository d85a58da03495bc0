import CHeadraceLinux
import Glibc

extension Program {
  /// Runs this program's own file with `arguments` and returns what it printed when it has ended.
  ///
  /// - Throws: The failed call; `posix_spawn` itself when the child ends otherwise than with status 0 (then the code is
  ///   `ECHILD`).
  ///
  /// See `man 3 posix_spawn`.
  public static func runSelf(_ arguments: [String]) throws(Errno) -> String {
    var output = try ByteStream.pipe()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, output.writeDescriptor, STDOUT_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe (["headrace"] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var child = pid_t()
    let result = unsafe posix_spawn(&child, "/proc/self/exe", &actions, nil, words, headrace_environment())
    guard result == 0 else { throw Errno("posix_spawn", code: result) }
    output.closeWriteEnd()
    var text: [UInt8] = []
    var byte: UInt8 = 0
    while try unsafe withUnsafeMutableBytes(of: &byte, { buffer throws(Errno) in try unsafe output.read(into: buffer) })
    {
      text.append(byte)
    }
    var status: Int32 = 0
    _ = try retryingOnInterrupt("waitpid") { unsafe waitpid(child, &status, 0) }
    guard status == 0 else { throw Errno("posix_spawn", code: ECHILD) }
    return String(decoding: text, as: UTF8.self)
  }
}
