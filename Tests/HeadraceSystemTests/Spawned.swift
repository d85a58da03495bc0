import Glibc
import HeadraceSystem
import HeadraceTestSupport

/// A program that a test starts, killed and reaped at the latest when the value goes.
final class Spawned {
  let processID: Int32
  private var isReaped = false

  init(_ path: String, _ arguments: [String]) throws(Errno) {
    var list: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe list.forEach { unsafe free($0) } }
    var process: Int32 = 0
    let code = unsafe posix_spawn(&process, path, nil, nil, &list, environ)
    guard code == 0 else { throw Errno("posix_spawn", code: code) }
    processID = process
  }

  deinit {
    if !isReaped { kill(processID, SIGKILL) }
    reap()
  }

  /// Waits for its end and leaves it as it is then, a zombie. See `man 2 waitid`, WNOWAIT.
  func waitWithoutReaping() {
    let watchdog = Watchdog("process \(processID)", "it has not ended")
    defer { watchdog.cancel() }
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
  }

  func reap() {
    guard !isReaped else { return }
    while waitpid(processID, nil, 0) == -1 && errno == EINTR {}
    isReaped = true
  }
}
