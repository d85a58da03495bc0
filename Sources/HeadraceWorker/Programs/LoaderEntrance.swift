import HeadraceCore
import HeadraceSystem
import Synchronization

/// Where a program begins that a trainer has started to load data for it: its main thread becomes the loader's
/// supervisor.
package enum LoaderEntrance {
  /// What tells the program why it is started.
  static let argument = "headrace-loader-session"

  /// Pipelines of this program, by name.
  private static let registry = Mutex<[String: any PipelineFactory.Type]>([:])

  static var pipelines: [String: any PipelineFactory.Type] { registry.withLock { $0 } }

  /// - Parameter arguments: of the program, without its name.
  /// - Returns: the exit status; nil if the program was started for something else.
  package static func run(_ arguments: [String], _ pipelines: [String: any PipelineFactory.Type]) -> Int32? {
    guard arguments == [argument] else { return nil }
    Program.leaveSignalsToParent()
    registry.withLock { $0 = pipelines }
    let socket = MessageSocket(ChildProcess.spawnedDescriptor)
    do throws(Errno) {
      // Gone already: nobody waits for a loader.
      guard let trainer = try ProcessHandle.parent(ProcessHandle.parentID) else { return 0 }
      guard var message = try socket.receive() else { return 0 }
      Program.name(Supervisor.processName)
      return LoaderSession.run(&message, trainer)
    } catch {
      StandardStream.error.show("headrace: a loader could not begin: \(error)\n")
      return 1
    }
  }
}
