import HeadraceCore
import HeadraceSystem

/// How the worker's process ranks below the trainer, so that loading disturbs the training step as little as the
/// machine allows. [Isolation](../../../docs/isolation.md) shows what each is worth.
///
/// All of it is lower rank, which needs no privilege. It is the worker's process as a whole, which is what a process of
/// its own makes possible: threads in the trainer could be ranked one by one, but its locks, allocator and interpreter
/// could not.
public struct Isolation: Sendable, Hashable, Codable {
  /// Whether the worker takes a processor from a thread of the trainer.
  public enum Scheduling: String, Sendable, Hashable, Codable, CaseIterable {
    /// As any other program (SCHED_OTHER).
    case normal
    /// Never at the moment it wakes up (SCHED_BATCH).
    case batch
    /// Only where nobody else wants it (SCHED_IDLE). On a machine that others keep busy the loader may get nothing.
    case idle
  }

  /// Processors by their numbers, as in /proc/cpuinfo.
  public enum Processors: Sendable, Hashable, Codable {
    /// All that this process may use.
    case all
    /// Those.
    case only(Set<Int>)
    /// All that this process may use but those, which are left to the trainer.
    case allBut(Set<Int>)
  }

  /// What is added to the worker's niceness, 0 to 19.
  public var niceness: Int
  /// Whether it takes a processor from others.
  public var scheduling: Scheduling
  /// Whether the disk serves others first (I/O class idle); schedulers of fast disks ignore it.
  public var yieldsDisk: Bool
  /// Where it may run.
  public var processors: Processors
  /// Whether the kernel, when it is out of memory, ends the worker rather than the trainer: another one takes its
  /// place.
  public var diesFirst: Bool

  /// - Parameter niceness: 0 to 19.
  public init(
    niceness: Int = 0, scheduling: Scheduling = .normal, yieldsDisk: Bool = false, processors: Processors = .all,
    diesFirst: Bool = false
  ) {
    self.niceness = niceness
    self.scheduling = scheduling
    self.yieldsDisk = yieldsDisk
    self.processors = processors
    self.diesFirst = diesFirst
  }

  /// What `runPipelineInSubprocess` does unless told otherwise: niceness 19, SCHED_BATCH, and to die before the
  /// trainer.
  ///
  /// The trainer gets a processor the moment it wants one. The loader still gets what is left, and all of it while the
  /// trainer waits for a batch.
  public static let standard = Isolation(niceness: 19, scheduling: .batch, diesFirst: true)

  /// None: the worker competes with the trainer as any other process does.
  public static let none = Isolation()

  /// Checks that it is possible here.
  ///
  /// - Throws: `invalidArgument`, naming the value.
  func check() throws(HeadraceError) {
    guard (0...19).contains(niceness) else {
      throw HeadraceError(.invalidArgument, "niceness: \(niceness) is not possible; it must be 0 to 19.")
    }
    let allowed = ProcessorAffinity.allowed
    guard let chosen = chosenProcessors(of: allowed), chosen.isEmpty else { return }
    throw HeadraceError(
      .invalidArgument,
      "processors: \(processors) leaves the worker none: this process may run on \(allowed.map(String.init).joined(separator: ", "))."
    )
  }

  /// The processors to bind to; nil: those that there are.
  private func chosenProcessors(of allowed: [Int]) -> [Int]? {
    switch processors {
    case .all: nil
    case .only(let wanted): allowed.filter(wanted.contains)
    case .allBut(let others): allowed.filter { !others.contains($0) }
    }
  }

  /// Ranks the calling thread, and all that it starts from now on. What the kernel refuses is left as it was: the
  /// loader is worth more than its rank.
  func apply() {
    if let chosen = chosenProcessors(of: ProcessorAffinity.allowed), !chosen.isEmpty {
      try? ProcessorAffinity.set(chosen)
    }
    if niceness > 0 { try? ThreadRank.addNiceness(niceness) }
    switch scheduling {
    case .normal: break
    case .batch: try? ThreadRank.setPolicy(.batch)
    case .idle: try? ThreadRank.setPolicy(.idle)
    }
    if yieldsDisk { try? ThreadRank.setDiskPriority(level: nil) }
    if diesFirst { ThreadRank.preferForMemoryKill(by: 500) }
  }
}
