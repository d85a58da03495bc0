import HeadraceCore
import HeadraceSystem
import Synchronization

/// What closures of a pipeline say to whoever runs it, from whatever process they are called in.
///
/// ```swift
/// .map("decode") { record in
///   guard record.label != nil else { LoaderLog.warning("no label"); return blank }
///   ...
/// }
/// ```
///
/// A line comes with the stage and the sample at work where a closure says it, the process, and the time; who gets it
/// is `log:` of `runPipelineInSubprocess`: standard error, unless told otherwise. All that a worker writes to standard
/// error by other means comes along, without stage.
///
/// For swift-log, a handler in the worker that passes its lines on is
/// `LoaderLog.write(.init(rawValue: level.rawValue)!, text)`: the levels are the same.
public enum LoaderLog {
  /// Says something. A text of several lines is as many lines; of each the first 800 bytes.
  ///
  /// - Complexity: one system call, for up to 4,096 bytes; it waits where the loader's supervisor is behind with
  ///   reading.
  public static func write(_ level: LogLevel, _ text: String) {
    let place = ThreadPlace.current
    let outlet = place?.owner as? any LogOutlet
    let label = CallLabel.current ?? place.flatMap { outlet?.label(lane: $0.number) }
    (outlet ?? processOutlet).log(level, text, label)
  }

  /// Says what is usual.
  public static func info(_ text: String) { write(.info, text) }
  /// Says what may become an error.
  public static func warning(_ text: String) { write(.warning, text) }
  /// Says that something has failed.
  public static func error(_ text: String) { write(.error, text) }

  /// Of code that belongs to no run, such as a thread of the user's: standard error, until somebody sets another.
  package static var processOutlet: any LogOutlet {
    get { outlet.withLock { $0 } }
    set { outlet.withLock { $0 = newValue } }
  }
  private static let outlet = Mutex<any LogOutlet>(StandardErrorLog())
}
