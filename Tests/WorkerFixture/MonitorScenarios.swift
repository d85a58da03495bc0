import Glibc
import Headrace
import HeadraceSystem

/// Processes that look like loaders and are none, and loaders of one trainer beside each other.
enum MonitorScenarios {
  /// What `LoaderMonitor` makes of a process that is called like a supervisor:
  /// `monitor-hostile none|short|zeros|version|size`.
  static func hostile(_ scenario: Scenario) throws {
    let kind = scenario.text(0)
    var files: [Int32] = []
    let header = [UInt8]("HEADRACE".utf8)
    let bytes: [UInt8] =
      switch kind {
      case "short": header
      case "zeros": [UInt8](repeating: 0, count: 1 << 16)
      case "version": header + [250] + [UInt8](repeating: 0, count: 1 << 16)
      default: header + [7, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0] + [UInt8](repeating: 255, count: 1 << 16)
      }
    if kind != "none" {
      for name in ["headrace-ring-1", "headrace-exits-1", "headrace-log-1"] {
        let file = try GrowingMemoryFile(name: name)
        _ = unsafe bytes.withUnsafeBytes { unsafe file.write($0, at: 0) }
        files.append(dup(file.descriptor.number))
      }
    }
    Program.name("headrace-super")
    do throws(HeadraceError) {
      emit("count", try LoaderMonitor.loaders(of: Int(getpid())).count)
    } catch {
      emit(error)
    }
    emit("listed", LoaderMonitor.running.contains { $0.processID == Int(getpid()) })
  }

  /// Two loaders of one trainer, each with its own log.
  static func two(_ scenario: Scenario) throws {
    func start(_ text: String) throws -> Batches {
      let pipeline = Samples.pipeline(10) { value in
        if value == 3 { LoaderLog.info(text) }
        return value
      }
      return try runPipelineInSubprocess(pipeline, threads: 1, slots: 2, epochs: 2)
    }
    // A hole in the numbers of descriptors, into which the second one's files fall.
    let holes = (0..<20).map { _ in dup(1) }
    var first = try start("of the first")
    while try first.next() != nil {}
    for hole in holes { close(hole) }
    var second = try start("of the second")
    while try second.next() != nil {}
    for loader in try LoaderMonitor.loaders(of: Int(getpid())) {
      emit("log", "\(loader.workerProcessID == first.workerProcessID) \(loader.log.map(\.text).joined())")
    }
  }
}
