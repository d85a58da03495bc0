import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem
import Synchronization

/// A worker in a process of its own with a supervisor above it, both forked from this process. Deinit ends both.
final class SupervisedWorker: Worker {
  private let supervisor: Mutex<ChildProcess>
  private let signals: Supervisor.Signals
  private let ring: Ring
  let endDescriptor: Int32
  private let supervisorID: Int32
  private let owner = ProcessIdentity.current
  /// Where readers attach; nil: nowhere.
  private let path: String?
  private let group: WeightedGroup?

  /// Forks the supervisor, and waits until it has forked the worker.
  ///
  /// - Parameters:
  ///   - isolation: of the worker; the supervisor, which sleeps, keeps the rank of this process.
  ///   - restartLimit: workers that may be started in a row none of which publishes anything.
  ///   - hangLimit: how long nothing may change while a reader waits, in nanoseconds.
  ///   - size: threads that a worker is to have, and processes beside it.
  ///   - log: what becomes of what the processes say.
  ///   - readers: where readers come and go, in the supervisor's process. It is let go of in this one.
  ///   - path: where readers attach; nil: nowhere.
  ///   - makePipeline: the pipeline, in a process of the pool.
  ///   - makeLoop: makes what a worker does, given what it finds.
  /// - Throws: `forkUnsafe`, saying why and what to do; `systemCall`.
  init(
    ring: Ring, isolation: Isolation, restartLimit: Int, hangLimit: UInt64?, size: LoaderSize,
    stages: [StageDescription], log: LogTarget,
    readers: ReaderDesk? = nil, path: String? = nil,
    makePipeline: @escaping () -> BatchPipeline, makeLoop: @escaping (WorkerBeginning) -> WorkerLoop
  ) throws(HeadraceError) {
    self.path = path
    group = isolation.group
    try Self.refuseWarmProcess(remedy: Self.remedy)
    do {
      let signals = try Supervisor.Signals()
      // One that has a group, or a socket's file, outlives a trainer that is killed by what it takes to remove it.
      let child = try ChildProcess(
        name: Supervisor.processName, on: .forkedThread, diesWithParent: isolation.group == nil && readers == nil
      ) { trainer in
        // All who are in it have ended by then.
        defer { isolation.group?.remove() }
        let pool: PoolMemory?
        do throws(Errno) {
          pool = try size.makePool()
        } catch {
          WorkerRefusal(ring: ring, position: nil).publish(LoaderSize.refusal(error))
          signals.started.signal()
          return Supervisor.Outcome.done.rawValue
        }
        return Supervisor(
          ring: ring, signals: signals, isolation: isolation, restartLimit: restartLimit, threads: size.laneCount,
          stages: stages, pool: pool, readers: readers, hangLimit: hangLimit, log: LogDesk(log),
          makePipeline: makePipeline, makeLoop: makeLoop
        ).run(trainer).rawValue
      }
      endDescriptor = child.descriptor.number
      supervisorID = child.processID
      supervisor = Mutex(child)
      self.signals = signals
      self.ring = ring
    } catch {
      throw Self.notStarted("\(error)")
    }
    guard Poll.wait(signals.started.descriptor.number, endDescriptor).first else {
      throw Self.notStarted("its supervisor could not fork it; raise \(Self.limits)")
    }
  }

  deinit {
    // A child that was forked since has a copy of this, and the worker is not its own.
    guard owner == .current else { return }
    signals.end.signal()
    // It ends the worker first; if it cannot, its own end does, which follows.
    _ = Poll.wait(endDescriptor, until: MonotonicClock.deadline(after: .seconds(10)))
    // Where it was killed it has left the socket's file, and the group.
    if let path { ListeningSocket.removeIfDead(path) }
    group?.remove()
  }

  var processID: Int? { ring.workerProcessID }
  var rootProcessID: Int? { Int(supervisorID) }

  func exitStatus() -> ExitStatus? {
    let status = supervisor.withLock { $0.reap() }
    // Its own end tells something only where it was not its own doing.
    if case .signaled? = status { return status }
    return ring.workerDeath?.status ?? status
  }

  private static func notStarted(_ cause: String) -> HeadraceError {
    HeadraceError(.systemCall, "The worker process could not be started.", cause: cause)
  }

  /// Which limits keep a process from being started.
  static let limits =
    "the limits on processes (ulimit -u; in a container its limit on pids), open files (ulimit -n)"
    + " or memory (ulimit -v)"

  /// What to do where this process is warm already.
  static let remedy =
    "Call runPipelineInSubprocess before anything that starts a thread (first in main, not in an async function), call"
    + " Headrace.bootstrap() there and pass a PipelineFactory, have a program load (LoaderProgram, LoaderCommand), or"
    + " pass placement: .sameProcess."

  static func refuseWarmProcess(remedy: String) throws(HeadraceError) {
    let reason: String
    switch ForkSafety.hazard {
    case nil: return
    case .dispatchStarted?:
      reason =
        "Dispatch or a Task has been used in it, and Dispatch queues hang for ever in the child of such a process"
    case .otherThreads(let count)?:
      reason = "it has \(count) further thread\(count == 1 ? "" : "s"), whose locks would stay locked in the child"
    }
    throw HeadraceError(.forkUnsafe, "This process can no longer be forked: \(reason). \(remedy)")
  }
}
