import Glibc
import Testing

@testable import HeadraceSystem

@Suite struct ErrnoTests {
  @Test func textNamesCallNumberAndMeaning() {
    #expect(Errno("fallocate", code: ENOSPC).description == "fallocate: ENOSPC (No space left on device)")
    #expect(
      Errno("memfd_create", code: EMFILE).description
        == "memfd_create: EMFILE (Too many open files); close files or raise the limit (ulimit -n)")
    #expect(
      Errno("fork", code: EAGAIN).description
        == "fork: EAGAIN (Resource temporarily unavailable); end processes or raise the limit on them (ulimit -u; in a"
        + " container its limit on pids)")
    #expect("\(Errno("read", code: EINTR))" == "read: EINTR (Interrupted system call)")
  }

  @Test(arguments: [-1, 100_000, Int32.max, Int32.min]) func aNumberThatIsNoErrorIsShownAsIs(code: Int32) {
    #expect(Errno("call", code: code).description == "call: error \(code)")
  }

  @Test func everyNumberHasAText() {
    for code in 0..<Int32(200) { #expect(Errno("c", code: code).description.hasPrefix("c: ")) }
  }

  @Test func lastIsWhatTheFailedCallLeft() {
    #expect(unsafe open("/nowhere/at/all", O_RDONLY) == -1)
    #expect(Errno.last("open") == Errno("open", code: ENOENT))
  }

  @Test func aCallThatIsInterruptedIsMadeAgain() throws {
    var calls = 0
    let value = try retryingOnInterrupt("call") {
      calls += 1
      errno = EINTR
      return calls < 5 ? -1 : 7
    }
    #expect(value == 7 && calls == 5)
  }

  @Test func anyOtherErrorIsThrownAtOnce() {
    var calls = 0
    #expect(throws: Errno("call", code: EIO)) {
      _ = try retryingOnInterrupt("call") {
        calls += 1
        errno = EIO
        return -1
      }
    }
    #expect(calls == 1)
  }

  @Test func exitStatusesReadAsSentences() {
    #expect(ExitStatus.exited(3).description == "exited with status 3")
    #expect(ExitStatus.signaled(SIGKILL).description == "was killed by signal 9 (SIGKILL)")
    #expect(ExitStatus.signaled(200).description == "was killed by signal 200")
  }
}
