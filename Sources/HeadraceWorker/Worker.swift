import HeadraceCore
import HeadraceSystem

/// The place where a pipeline runs, as the consumer holds it. Letting go of it ends what can be ended.
///
/// Each way to start a worker is one conforming type; the consumer sees no difference.
protocol Worker: AnyObject, Sendable {
  /// A descriptor that becomes readable when the worker has ended.
  var endDescriptor: Int32 { get }
  /// Number of the worker's process; nil when it is this one.
  var processID: Int? { get }
  /// How the worker's process ended; nil while it runs, and for a thread.
  func exitStatus() -> ExitStatus?
}
