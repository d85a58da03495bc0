import HeadraceCore
import HeadraceRing

extension Batches {
  /// What the processes of the loader have said, the newest 512 lines, the oldest first; empty with `log: .inherited`.
  /// A loader that was attached to has what all its processes have said.
  public var log: [LogLine] { ring.logLines() }
}
