import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// A loader that runs on this machine, looked at from any process of the same user: nothing is asked of the loader, no
/// place among its readers is taken, and nothing of it is held up.
///
/// ```swift
/// for loader in LoaderMonitor.running { print(StatisticsTable(loader.statistics())) }
/// ```
///
/// What is seen is the ring's memory, mapped for reading. It stays what it was when the loader has ended. A loader with
/// `placement: .sameProcess` has no process of its own, and cannot be found.
public struct LoaderMonitor: Sendable {
  private let ring: Ring
  /// Number of the loader's supervisor, the process above its worker's.
  public let processID: Int

  /// The loaders whose supervisor or worker that process is, that it has started, or that it reads.
  ///
  /// - Throws: `notFound` where there is none, naming those that there are; `incompatibleRing` where it is of another
  ///   version; `systemCall`.
  /// - Complexity: O(processes of the machine).
  public static func loaders(of processID: Int) throws(HeadraceError) -> [LoaderMonitor] {
    if let number = Int32(exactly: processID), let loader = try Self(supervisor: number) { return [loader] }
    let running = Self.running
    let found = running.filter { $0.concerns(processID) }
    guard found.isEmpty else { return found }
    let others = running.map { "\($0.processID)" }.joined(separator: ", ")
    throw HeadraceError(
      .notFound,
      "Process \(processID) belongs to no loader that can be seen; "
        + (others.isEmpty ? "none runs under this user." : "there are \(others)."))
  }

  /// Nil where it is no supervisor of a loader.
  private init?(supervisor: Int32) throws(HeadraceError) {
    guard ProcessFiles.isOwn(supervisor), SmallFile.read("/proc/\(supervisor)/comm") == "\(Supervisor.processName)\n",
      let files = try ObservedFiles.open(of: supervisor)
    else { return nil }
    ring = try Ring(observing: files)
    processID = Int(supervisor)
  }

  /// Those that run and can be looked at, the lowest number first; loaders of another version are left out.
  ///
  /// - Complexity: O(processes of the machine).
  public static var running: [LoaderMonitor] {
    ProcessList.named(Supervisor.processName).compactMap { number in (try? LoaderMonitor(supervisor: number)) ?? nil }
  }

  private func concerns(_ number: Int) -> Bool {
    if workerProcessID == number || readers.contains(where: { $0.processID == number }) { return true }
    // A fork server may be between.
    var buffer: [UInt8] = []
    let children = Int32(exactly: number).map { ProcessTree.children(of: $0, buffer: &buffer) } ?? []
    let supervisor = Int32(processID)
    return children.contains(supervisor)
      || children.contains { ProcessTree.children(of: $0, buffer: &buffer).contains(supervisor) }
  }

  /// Whether the loader has not ended yet.
  public var isRunning: Bool { ObservedFiles.areThere(Int32(processID)) }

  /// Number of the worker's process, or of the last that there was; nil before the first.
  public var workerProcessID: Int? { ring.workerProcessID }

  /// What the worker is doing as a whole: `starting`, `running`, `waiting for a slot`, `waiting for a
  /// reader`, `waiting for 1 of 2 readers`, `idle` or `stopping`.
  public var phase: String { ring.workerActivity }

  /// Batches that can exist at one time.
  public var slotCount: Int { ring.geometry.slotCount }
  /// How many of them exist: being written, waiting, or held.
  public var usedSlotCount: Int { ring.usedSlotCount }
  /// Batches and ends of epochs that were published since the start.
  public var publishedCount: Int { Int(clamping: ring.publishedCount) }

  /// The places for readers, and who has them; the trainer's own is one.
  public var readers: [ReaderStatus] { (0..<ring.geometry.readerCount).map { ReaderStatus(ring, place: $0) } }

  /// As `Batches.statistics`.
  public func statistics() -> [StageStatistics] { StatisticsBlock(ring).read() }
  /// As `Batches.decisions`.
  public var decisions: [TuningNote] { TuningLog(ring).read() }
  /// As `Batches.exits`.
  public var exits: [WorkerExit] { ring.exits }
  /// As `Batches.log`.
  public var log: [LogLine] { ring.logLines() }
  /// As `Batches.workerUsage`.
  public var workerUsage: WorkerUsage { WorkerUsage(ring) }

  /// Workers, and processes of their pool, that have died.
  public var deathCount: Int { (ring.workerDeath?.count ?? 0) + ring.poolDeathCount }

  /// Samples that were left out since the start.
  public var failureCount: Int { EventLog(ring).writtenCount }

  /// What is being worked on, by stage and sample.
  public var atWork: [RunningCall] { RunningCall.all(in: ring) }
}
