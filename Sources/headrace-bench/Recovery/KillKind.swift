/// How `headrace-bench recovery` ends a worker.
enum KillKind: String, CaseIterable {
  /// SIGKILL, from outside.
  case killed = "SIGKILL"
  /// SIGSEGV, from outside: what a closure does that writes where it must not.
  case crashed = "SIGSEGV"
  /// The kernel's out-of-memory killer: the worker takes more than its control group may have.
  case outOfMemory = "OOM"

  /// What is sent; nil where the kernel sends it.
  var signal: Int32? {
    switch self {
    case .killed: 9
    case .crashed: 11
    case .outOfMemory: nil
    }
  }
}
