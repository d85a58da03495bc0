import CHeadraceLinux
import Glibc

/// A failed system call: which one, and the error number it left.
public struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  /// The call, such as `fallocate`.
  public var call: String
  /// The error number (errno(3)).
  public var code: Int32

  /// Says that `call` failed with error number `code` (errno(3)).
  public init(_ call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  /// Whether the other end of a connection is gone.
  public var isEndOfPeer: Bool { [ECONNRESET, EPIPE, ENOTCONN].contains(code) }

  /// Whether this process, or the system, has no number left for a further open file.
  public var isLimitOfFiles: Bool { [EMFILE, ENFILE].contains(code) }

  /// Whether what has come is not what is understood here: too long, or of another form.
  public var isUnreadableMessage: Bool { [EMSGSIZE, EBADMSG].contains(code) }

  /// Whether there is no file of the path that was given.
  public var isMissingFile: Bool { code == ENOENT }

  /// The error that the call which has just failed left in `errno`.
  public static func last(_ call: String) -> Errno { Errno(call, code: errno) }

  /// Whether a file is not there, or its other side has no room for a further connection: both may change.
  public var isMissingOrBusy: Bool { [ENOENT, EAGAIN, EINTR].contains(code) }

  /// Whether there is no process of the number that was given.
  public var isMissingProcess: Bool { code == ESRCH }

  /// For example `fallocate: ENOSPC (No space left on device)`, with the remedy where one fits all calls.
  public var description: String {
    guard let name = unsafe headrace_errno_name(code), let text = unsafe headrace_errno_description(code) else {
      return "\(call): error \(code)"
    }
    var remedy = ""
    if isLimitOfFiles { remedy = "; close files or raise the limit (ulimit -n)" }
    if code == EAGAIN, call == "fork" {
      remedy = "; end processes or raise the limit on them (ulimit -u; in a container its limit on pids)"
    }
    return unsafe "\(call): \(String(cString: name)) (\(String(cString: text)))\(remedy)"
  }
}

/// Runs `call` until it is not interrupted by a signal, and turns its -1 into an `Errno`.
func retryingOnInterrupt<Value: BinaryInteger>(
  _ name: String, _ call: () -> Value
) throws(Errno) -> Value {
  while true {
    let value = call()
    if value != -1 { return value }
    if errno != EINTR { throw Errno.last(name) }
  }
}
