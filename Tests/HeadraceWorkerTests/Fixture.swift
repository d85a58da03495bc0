import Glibc
import HeadraceSystem

/// A running `WorkerFixture`, in a process group of its own, and what it prints.
final class Fixture {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let processID: Int32
  /// The end that is read; the other one is the fixture's alone.
  private let output: FileDescriptor
  private let watchdog = WorkerWatchdog()
  private var bytes: [UInt8] = []
  private var isReaped = false

  init(_ arguments: [String]) throws {
    // Closed on exec from the start: a fixture that inherits another's output would keep it from ending.
    let pipe = try Pipe()
    // A program expects an output that blocks.
    _ = fcntl(pipe.writeEnd.number, F_SETFL, 0)
    processID = try FixtureLauncher.spawn(arguments, output: pipe.writeEnd.number)
    output = FileDescriptor(owning: fcntl(pipe.readEnd.number, F_DUPFD_CLOEXEC, 0))
  }

  convenience init(_ arguments: String...) throws { try self.init(arguments) }

  deinit {
    if !isReaped {
      killpg(processID, SIGKILL)
      waitpid(processID, nil, 0)
    }
  }

  /// The value of the first line that begins with `key`.
  func waitForLine(_ key: String) throws -> String {
    while true {
      if let value = FixtureOutput(bytes).values(key).first { return value }
      if try !readMore(key) { throw Failure(description: "ended without \"\(key)\": \(FixtureOutput(bytes).text)") }
    }
  }

  /// Reads to the end: that is when no process of the fixture, worker or parent, has its output open any more.
  func finish() throws -> FixtureOutput {
    do {
      while try readMore("end of output") {}
    } catch {
      throw Failure(description: "\(error); so far: \(FixtureOutput(bytes).text)")
    }
    var output = FixtureOutput(bytes)
    output.endedAt = MonotonicClock.now
    var status: Int32 = 0
    while unsafe waitpid(processID, &status, 0) == -1 && errno == EINTR {}
    isReaped = true
    output.status = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signaled(status & 0x7f)
    let group = processID
    try watchdog.wait(for: "end of process group \(group)") { ProcessTable.runningProcesses(ofGroup: group).isEmpty }
    return output
  }

  /// Runs a scenario from its start to its end, and expects that it comes to one.
  static func run(_ arguments: String...) throws -> FixtureOutput {
    let output = try Fixture(arguments).finish()
    guard output.status == .exited(0) else {
      throw Failure(description: "\(arguments) \(output.status.map(String.init(describing:)) ?? ""): \(output.text)")
    }
    return output
  }

  private func readMore(_ what: String) throws -> Bool {
    try watchdog.wait(output.number, for: what)
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(output.number, &buffer, buffer.count)
    if count > 0 { bytes += buffer[..<count] }
    return count > 0
  }
}
