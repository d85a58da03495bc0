import Glibc
import Synchronization
import Testing

@testable import HeadraceSystem

@Suite struct PollTests {
  @Test func readinessNamesTheDescriptorsThatAreReady() throws {
    let first = try EventSignal()
    let second = try EventSignal()
    func wait() -> Poll.Readiness { Poll.wait(first.descriptor.number, second.descriptor.number, until: 0) }
    #expect(wait() == .init(first: false, second: false) && wait().timedOut)
    first.signal()
    #expect(wait() == .init(first: true, second: false) && !wait().timedOut)
    second.signal()
    #expect(wait() == .init(first: true, second: true))
    first.drain()
    #expect(wait() == .init(first: false, second: true))
  }

  @Test func aDescriptorThatIsNoneIsLeftOut() throws {
    let signal = try EventSignal()
    #expect(Poll.wait(-1, -1, until: 0).timedOut)
    #expect(Poll.wait(signal.descriptor.number, -1, until: 0).timedOut)
    signal.signal()
    #expect(Poll.wait(-1, signal.descriptor.number) == .init(first: false, second: true))
  }

  @Test func aClosedDescriptorEndsTheWait() async {
    await #expect(processExitsWith: .success) {
      // Nothing else runs in this process, so the number stays unused.
      let number = dup(0)
      close(number)
      guard Poll.wait(-1, number).second else { exit(1) }
    }
  }

  @Test func aWaitThatCannotBeMadeEndsTheProcessWithTheReason() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      // ppoll(2): more entries than the limit of open files are EINVAL.
      var limit = rlimit(rlim_cur: 1, rlim_max: 1)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      _ = Poll.wait(0, -1, until: 0)
    }
    let errors = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(errors.contains("ppoll: EINVAL (Invalid argument) for descriptors 0, -1 and -1; the limit of open files"))
  }

  @Test func aWaitEndsNotBeforeItsDeadline() throws {
    let signal = try EventSignal()
    for milliseconds in [0, 1, 20] {
      let deadline = try #require(MonotonicClock.deadline(after: .milliseconds(milliseconds)))
      #expect(Poll.wait(signal.descriptor.number, until: deadline).timedOut)
      #expect(MonotonicClock.now >= deadline)
    }
  }

  @Test func aDeadlineInThePastOnlyLooks() throws {
    let signal = try EventSignal()
    #expect(Poll.wait(signal.descriptor.number, until: 0).timedOut)
    signal.signal()
    #expect(Poll.wait(signal.descriptor.number, until: 0).first)
  }

  @Test func aDeadlineAtTheEndOfTheClockWaitsForTheSignal() throws {
    let signal = try EventSignal()
    signal.signal()
    #expect(Poll.wait(signal.descriptor.number, until: .max).first)
    #expect(Poll.wait(signal.descriptor.number, until: .max - 1).first)
    #expect(Poll.wait(signal.descriptor.number, until: nil).first)
  }

  @Test func signalsWhilePollingNeitherEndTheWaitNorLoseTheEvent() async {
    await #expect(processExitsWith: .success) {
      let poller = try SignalledPoller(timeout: nil)
      for _ in 0..<20 { poller.interrupt() }
      guard poller.readiness == nil else { exit(1) }
      poller.event.signal()
      while poller.readiness == nil { sched_yield() }
      guard poller.readiness?.first == true else { exit(2) }
    }
  }

  @Test func signalsWhilePollingDoNotMoveTheDeadline() async {
    await #expect(processExitsWith: .success) {
      // On a busy machine a wait can be over before a signal has met it; then a longer one.
      for seconds in [0.2, 1, 5, 25] {
        let start = MonotonicClock.now
        let poller = try SignalledPoller(timeout: .seconds(seconds))
        while poller.readiness == nil { poller.interrupt() }
        guard poller.readiness?.timedOut == true, MonotonicClock.now - start >= UInt64(seconds * 1e9) else { exit(1) }
        if SignalledPoller.handled.load(ordering: .relaxed) > 0 { return }
      }
      exit(2)
    }
  }
}

/// A thread that polls, and a way to interrupt it with SIGUSR1 while it does. One per process.
private final class SignalledPoller: Sendable {
  static let handled = Atomic<Int>(0)

  let event: EventSignal
  /// The thread's handle for pthread_kill(3), and its folder in /proc.
  private let thread = Mutex<(handle: pthread_t, folder: String)?>(nil)
  private let result = Mutex<Poll.Readiness?>(nil)

  var readiness: Poll.Readiness? { result.withLock { $0 } }

  init(timeout: Duration?) throws {
    event = try EventSignal()
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in SignalledPoller.handled.add(1, ordering: .relaxed) }
    guard unsafe sigaction(SIGUSR1, &action, nil) == 0 else { throw Errno.last("sigaction") }
    try Thread.start { [self] in
      // Threads inherit the mask of the one that starts them, and those of Dispatch block most signals.
      var none = sigset_t()
      unsafe sigemptyset(&none)
      unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
      var name = [UInt8](repeating: 0, count: 64)
      let count = unsafe readlink("/proc/thread-self", &name, name.count)
      let folder = "/proc/" + String(decoding: name.prefix(max(0, count)), as: UTF8.self)
      thread.withLock { $0 = (pthread_self(), folder) }
      let readiness = Poll.wait(
        event.descriptor.number, until: timeout.flatMap { MonotonicClock.deadline(after: $0) })
      result.withLock { $0 = readiness }
    }
    while thread.withLock({ $0 == nil }) { sched_yield() }
  }

  /// Waits until the thread sleeps in ppoll(2), sends the signal, and waits until it was handled, or the wait is over.
  ///
  /// The thread does not end before `readiness` is there, and its handle stays valid until then.
  func interrupt() {
    while readiness == nil, !isAsleep { sched_yield() }
    let before = Self.handled.load(ordering: .relaxed)
    let isSent = result.withLock { readiness in
      guard readiness == nil, let thread = thread.withLock({ $0 }) else { return false }
      return pthread_kill(thread.handle, SIGUSR1) == 0
    }
    guard isSent else { return }
    while readiness == nil, Self.handled.load(ordering: .relaxed) == before { sched_yield() }
  }

  private var isAsleep: Bool {
    guard let folder = thread.withLock({ $0?.folder }), let text = SmallFile.read(folder + "/stat"),
      let end = text.lastIndex(of: ")")
    else { return false }
    return text[end...].dropFirst(2).first == "S"
  }
}
