import CSingleStep
import Glibc
import HeadraceSystem
import Testing

/// What a kill after any instruction leaves.
enum SingleSteps {
  /// Runs `body` in a child, instruction by instruction, and calls `look` before each and after the last.
  ///
  /// Whatever the runtime makes at a first use has to be made before, so that the child needs no lock of another
  /// thread.
  static func run(_ body: () throws -> Void, look: () throws -> Void) throws {
    let child = try ChildProcess(name: "stepped", on: .forkedThread) { _ in
      guard single_step_begin() == 0 else { return 1 }
      do { try body() } catch { return 2 }
      return 0
    }
    while true {
      try look()
      let result = single_step(child.processID)
      guard result == 1 else { return try #require(result == 0, "ptrace: error \(errno)") }
    }
  }
}
