import Glibc
import HeadraceSystem
import Synchronization

/// Locks in a forked child.
enum LockScenarios {
  private final class Counter: Sendable {
    let value = Mutex(0)
  }

  /// The child's first code holds a lock while another thread of the child waits for it.
  static func contended(_ scenario: Scenario) throws {
    let page = SharedPage()
    // The parent's thread has locked before, so the runtime knows its number.
    let counter = Counter()
    counter.value.withLock { $0 += 1 }
    var child = try ChildProcess(name: "contended") { _ in
      let other: @Sendable () -> Void = {
        page.wait(.go)
        counter.value.withLock { $0 += 1 }
        page[.reached] = 1
      }
      guard (try? Thread.start(other)) != nil else { return 1 }
      counter.value.withLock { _ in
        page[.go] = 1
        while runningThreadCount > 1 { sched_yield() }
      }
      page.wait(.reached)
      return counter.value.withLock { $0 == 2 } ? 0 : 2
    }
    emit("ended", Poll.wait(child.descriptor.number, until: MonotonicClock.deadline(after: .seconds(5))).first)
    emit("status", child.reap().map { "\($0)" } ?? "none")
  }

  /// Threads of this process that do not sleep.
  private static var runningThreadCount: Int {
    guard let directory = unsafe opendir("/proc/self/task") else { return 0 }
    defer { unsafe closedir(directory) }
    var count = 0
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let thread = Int32(name) else { continue }
      if !Assassin.isSleeping(thread, in: "/proc/self/task/") { count += 1 }
    }
    return count
  }
}
