import Glibc
import HeadraceSystem

/// Ends the worker from within, at a moment that is known.
enum Assassin {
  /// From a thread of its own: once the parent has set `go` and sleeps, which it does only in `next`, notes the time
  /// and sends `signal` to the worker.
  static func arm(_ page: SharedPage, _ signal: Int32, trainer: Int32) {
    do {
      try Thread.start {
        page.wait(.go)
        while !isSleeping(trainer) { sched_yield() }
        page[.killedAt] = MonotonicClock.now
        kill(getpid(), signal)
      }
    } catch {
      fatalError("\(error)")
    }
  }

  /// Stays where it is until the process ends.
  static func stayForEver() {
    while true { pause() }
  }

  /// Works for a while, so that the stage takes its samples one by one.
  static func work(microseconds: UInt64) {
    let end = MonotonicClock.now + microseconds * 1000
    while MonotonicClock.now < end {}
  }

  /// Whether the process, or a thread in the folder of its process, sleeps.
  static func isSleeping(_ process: Int32, in folder: String = "/proc/") -> Bool {
    state(process, in: folder) == "S"
  }

  /// The state of a process or thread; see `man 5 proc_pid_stat`.
  static func state(_ process: Int32, in folder: String = "/proc/") -> Character? {
    guard let text = SmallFile.read("\(folder)\(process)/stat"), let name = text.lastIndex(of: ")") else { return nil }
    return text[name...].dropFirst(2).first
  }
}
