import CHeadraceLinux
import Glibc

extension Program {
  /// A child that ended otherwise than with status 0.
  package struct ChildFailure: Error, CustomStringConvertible {
    package let program: String
    package let arguments: [String]
    package let status: ExitStatus

    package var description: String {
      "\(program) with \(arguments) \(status); what it wrote to standard error tells why"
    }
  }

  /// Runs this program's own file with `arguments` and returns what it printed when it has ended.
  ///
  /// - Throws: `Errno` of the call that failed; `ChildFailure`.
  package static func runSelf(_ arguments: [String]) throws -> String { try run("/proc/self/exe", arguments) }

  /// Runs a program, by its path or by a name that PATH leads to, and returns what it printed when it has ended.
  ///
  /// - Throws: `Errno` of the call that failed, which is `posix_spawn` where there is no such program; `ChildFailure`.
  ///
  /// See `man 3 posix_spawn`.
  package static func run(_ program: String, _ arguments: [String]) throws -> String {
    var output = try ByteStream.pipe()
    let child = try spawn(program, arguments, standardOutput: output.writeDescriptor)
    output.closeWriteEnd()
    var text: [UInt8] = []
    var failure: Errno?
    do throws(Errno) {
      var byte: UInt8 = 0
      while try unsafe withUnsafeMutableBytes(
        of: &byte, { buffer throws(Errno) in try unsafe output.read(into: buffer) })
      {
        text.append(byte)
      }
    } catch {
      failure = error
    }
    // Reaped in any case, so that no zombie stays.
    var status: Int32 = 0
    _ = try retryingOnInterrupt("waitpid") { unsafe waitpid(child, &status, 0) }
    if let failure { throw failure }
    guard status == 0 else {
      throw ChildFailure(program: program, arguments: arguments, status: ExitStatus(waitStatus: status))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func spawn(
    _ program: String, _ arguments: [String], standardOutput: Int32
  ) throws(Errno) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, standardOutput, STDOUT_FILENO)
    var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var child = pid_t()
    let result = unsafe posix_spawnp(&child, program, &actions, nil, words, headrace_environment())
    guard result == 0 else { throw Errno("posix_spawn", code: result) }
    return child
  }
}

extension ExitStatus {
  /// What waitpid(2) tells of a child that has ended; see `man 2 waitpid`, WIFEXITED.
  fileprivate init(waitStatus: Int32) {
    self = waitStatus & 0x7F == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signaled(waitStatus & 0x7F)
  }
}
