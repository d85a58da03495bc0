import HeadraceCore
import HeadraceSystem

/// How the worker's process ranks below the trainer, so that loading disturbs the training step as little as the
/// machine allows. docs/isolation.md shows what each is worth.
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
    /// The threads that work on samples are `.idle` as long as the trainer does not wait for batches and no other
    /// program competes, and `.normal` with `niceness` otherwise; so are they where the system would not let them come
    /// back from `.idle` at once, which takes CAP_SYS_NICE or a RLIMIT_NICE (`ulimit -e`) of 20 less their niceness,
    /// and so are processes of a pool.
    ///
    /// The kernel, when it looks for a processor for a thread that wakes up, of whatever program, takes one for free on
    /// which only threads of SCHED_IDLE run. Threads and programs that closures start meanwhile inherit it: the threads
    /// come back with the others, the programs do not.
    case adaptive
  }

  /// Processors by their numbers, as in /proc/cpuinfo.
  public enum Processors: Sendable, Hashable, Codable {
    /// All that this process may use.
    case all
    /// Those.
    case only(Set<Int>)
    /// All that this process may use but those, which are left to the trainer.
    case allBut(Set<Int>)
    /// All that this process may use but so many, which are left to the trainer: the one that it runs on when it starts
    /// the loader, those that share a core with it, and further ones. One is left to the loader whatever is asked for.
    case leaving(Int)
    /// Those of a NUMA node, by its number in /sys/devices/system/node, that this process may use, but so many, which
    /// are left to the trainer as with `.leaving`.
    case node(Int, leaving: Int = 0)
    /// Those on the NUMA node of a device on the PCI bus, by its address such as "0000:65:00.0", likewise. All, where
    /// the machine does not tell which node that is.
    case near(device: String, leaving: Int = 0)
    /// Those on the NUMA node of an NVIDIA GPU, by its number in the order of the PCI bus, as nvidia-smi has it,
    /// likewise. CUDA counts so with `CUDA_DEVICE_ORDER=PCI_BUS_ID`.
    case nearGPU(Int, leaving: Int = 0)
  }

  /// What is added to the worker's niceness, 0 to 19.
  public var niceness: Int
  /// What its niceness may come down to, 0 to `niceness`, while the trainer waits for batches and other programs keep
  /// the loader from processors; nil: it stays. No privilege is needed. Without effect on processes of a pool.
  ///
  /// A governor looks five times a second while the trainer waits: it gives a higher rank where that helps, and takes
  /// it back when the trainer does not wait any more; `Batches.decisions` tells of it.
  public var urgentNiceness: Int?
  /// Whether it takes a processor from others.
  public var scheduling: Scheduling
  /// Whether its threads offer their processor to others after each piece of work, that is after each sample of 50
  /// microseconds or more (`man 2 sched_yield`), but while the trainer waits for a batch.
  ///
  /// The kernel gives a thread of low rank a turn now and then too, and takes the processor back at its next tick only:
  /// up to 4 ms, in which a thread of the trainer stands still. Who yields has a turn of one sample.
  public var yields: Bool
  /// How long a turn of its threads on a processor is to last, 0.1 to 100 ms; nil: what the system has, 1 to 3 ms.
  /// Linux before 6.12 takes no notice.
  ///
  /// The kernel lets the thread go first whose turn would be over first. So who has long turns takes no processor from
  /// a thread with short ones that wakes up, waits longer for the next, and with `yields` gives up a long one each
  /// time.
  public var slice: Duration?
  /// Whether the disk serves others first (I/O class idle); schedulers of fast disks ignore it.
  public var yieldsDisk: Bool
  /// Where it may run.
  public var processors: Processors
  /// Whether the kernel, when it is out of memory, ends the worker rather than the trainer: another one takes its
  /// place.
  public var diesFirst: Bool

  /// Bytes that the loader's processes may have together, beside the slots of the ring; nil: no limit. The supervisor
  /// looks every 20 ms: where they have more, the process that has most is ended and replaced. Where that comes within
  /// a minute of the last, half as many calls of closures are made at a time from then on, until it has gone well for a
  /// minute or more. `Batches.exits` tells of it.
  public var memoryLimit: Int?

  /// The weight of the loader's processes together in a control group that they join, 1 to 10,000, where any group has
  /// 100 at first, such as the trainer's; nil: they stay in the trainer's. Limits of the trainer's own group do not
  /// bind them then, those of the groups above do. `permitsGroupWeight` tells whether it is possible; asked for where
  /// it is not, it is an error.
  public var groupWeight: Int?
  /// The place of that group, once it was chosen.
  var group: WeightedGroup?

  /// - Parameters:
  ///   - niceness: 0 to 19.
  ///   - urgentNiceness: 0 to `niceness`.
  public init(
    niceness: Int = 0, urgentNiceness: Int? = nil, scheduling: Scheduling = .normal, yields: Bool = false,
    slice: Duration? = nil,
    yieldsDisk: Bool = false, processors: Processors = .all, diesFirst: Bool = false,
    memoryLimit: Int? = nil, groupWeight: Int? = nil
  ) {
    self.groupWeight = groupWeight
    self.yields = yields
    self.slice = slice
    self.niceness = niceness
    self.urgentNiceness = urgentNiceness
    self.scheduling = scheduling
    self.yieldsDisk = yieldsDisk
    self.processors = processors
    self.diesFirst = diesFirst
    self.memoryLimit = memoryLimit
  }

  /// What `runPipelineInSubprocess` does unless told otherwise: niceness 10, SCHED_IDLE where that can be taken back
  /// and nobody waits, niceness 0 where the trainer waits because of other programs; yields, turns of 10 ms, and dies
  /// before the trainer.
  ///
  /// The trainer gets a processor the moment it wants one. The loader gets what is left, and while the trainer waits
  /// for a batch all of it; a tenth of a processor that another program keeps busy, and while the trainer waits an
  /// equal share.
  public static let standard = Isolation(
    niceness: 10, urgentNiceness: 0, scheduling: .adaptive, yields: true, slice: .milliseconds(10), diesFirst: true)

  /// None: the worker competes with the trainer as any other process does.
  public static let none = Isolation()

  /// Checks that it is possible here, and chooses the processors.
  ///
  /// - Parameter topology: of the machine.
  /// - Returns: The same with processors by number; called in the trainer, on the thread that starts the loader.
  /// - Throws: `invalidArgument`, naming the value.
  func resolved(_ topology: ProcessorTopology = ProcessorTopology()) throws(HeadraceError) -> Isolation {
    guard (0...19).contains(niceness) else {
      throw HeadraceError(.invalidArgument, "niceness: \(niceness) is not possible; it must be 0 to 19.")
    }
    if let urgentNiceness, !(0...niceness).contains(urgentNiceness) {
      throw HeadraceError(
        .invalidArgument,
        "urgentNiceness: \(urgentNiceness) is not possible; it must be 0 to \(niceness), which is niceness.")
    }
    if let slice, slice < .microseconds(100) || slice > .milliseconds(100) {
      throw HeadraceError(.invalidArgument, "slice: \(slice) is not possible; it must be 0.1 to 100 ms.")
    }
    if let memoryLimit, memoryLimit < 1 << 20 {
      throw HeadraceError(
        .invalidArgument, "memoryLimit: \(memoryLimit) is not possible; it must be 1 MiB (1048576) or more.")
    }
    var resolved = self
    if let groupWeight { resolved.group = try Self.group(weight: groupWeight) }
    if processors == .all { return resolved }
    let chosen = try processors.chosen(of: ProcessorAffinity.allowed, topology)
    resolved.processors = .only(Set(chosen))
    return resolved
  }

  /// Threads that the stages share unless told otherwise: as many as there are processors for the worker.
  var threadCount: Int {
    guard case .only(let chosen) = processors else { return ProcessorCount.available }
    return max(1, min(ProcessorCount.available, chosen.count))
  }

  var sliceNanoseconds: UInt64? { slice.map { UInt64($0 / .nanoseconds(1)) } }

  /// Ranks the calling thread with what was resolved, and all that it starts from now on. What the kernel refuses is
  /// left as it was: the loader is worth more than its rank.
  ///
  /// - Parameter isGoverned: whether threads may come to rank higher.
  /// - Returns: what starts them; nil: none may.
  @discardableResult func apply(isGoverned: Bool = false) -> RankKeeper? {
    // Before the rank: who is ranked low gets there late.
    try? group?.join()
    if case .only(let chosen) = processors { try? ProcessorAffinity.set(chosen.sorted()) }
    switch scheduling {
    case .normal, .adaptive: break
    case .batch: try? ThreadRank.setPolicy(.batch)
    case .idle: try? ThreadRank.setPolicy(.idle)
    }
    if yieldsDisk { try? ThreadRank.setDiskPriority(level: nil) }
    if diesFirst { ThreadRank.preferForMemoryKill(by: 500) }
    // While this thread has the trainer's niceness and turns, which none will have that it starts later.
    let keeper = isGoverned ? RankKeeper(self) : nil
    if niceness > 0 { try? ThreadRank.addNiceness(niceness) }
    // After the policy, whose change forgets it.
    if let sliceNanoseconds { try? ThreadRank.setSlice(nanoseconds: sliceNanoseconds) }
    return keeper
  }
}
