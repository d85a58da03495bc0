import HeadraceCore
import HeadraceSystem

/// The place where a pipeline runs, as the consumer holds it. Letting go of it ends what can be ended.
///
/// Each way to start a worker is one conforming type; the consumer sees no difference.
protocol Worker: AnyObject, Sendable {
  /// A descriptor that becomes readable when the worker has ended.
  var endDescriptor: Int32 { get }
  /// Number of the worker's process, or of the last that there was; nil when it is this one.
  var processID: Int? { get }
  /// Number of the process that all of the loader's are descendants of, itself included; nil when it is this one.
  var rootProcessID: Int? { get }
  /// How the last worker's process ended, when there is none any more; nil before that, and for a thread.
  func exitStatus() -> ExitStatus?
}
