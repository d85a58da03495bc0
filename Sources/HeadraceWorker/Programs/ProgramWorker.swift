import HeadraceSystem
import Synchronization

/// A worker in a loader program that this process has started. Deinit ends it.
final class ProgramWorker: Worker {
  private let program: StartedProcess
  private let served: Mutex<ServedWorker?>
  let endDescriptor: Int32
  let rootProcessID: Int?

  init(_ served: ServedWorker, _ program: StartedProcess) {
    self.program = program
    endDescriptor = served.endDescriptor
    rootProcessID = served.rootProcessID
    self.served = Mutex(served)
  }

  // First what the program runs, then the program.
  deinit { served.withLock { $0 = nil } }

  var processID: Int? { served.withLock { $0?.processID } }
  func exitStatus() -> ExitStatus? { served.withLock { $0?.exitStatus() } }
}
