import HeadraceCore
import HeadraceSystem
import Synchronization

/// Writes a log to this process's standard error: as frames where the loader's supervisor reads them, else as text.
package final class StandardErrorLog: LogOutlet {
  private static let hasReader = Atomic<Bool>(false)

  package init() {}

  /// In a child whose standard error its parent reads: frames from here on.
  package static func takePipe(_ pipe: OutputPipe) {
    pipe.takeStandardError()
    hasReader.store(true, ordering: .relaxed)
  }

  /// It knows no lanes.
  package func label(lane: Int) -> CallLabel? { nil }

  package func log(_ level: LogLevel, _ text: String, _ label: CallLabel?) {
    let frames = LogFrame.frames(level, stage: label?.stage, sample: label?.sample, text: text)
    guard Self.hasReader.load(ordering: .relaxed) else {
      return StandardStream.error.show(frames.map { "\($0)\n" }.joined())
    }
    // Frames that are written as one stay together beside those of other threads, up to what a pipe takes as one.
    var rest = frames.flatMap(\.bytes)[...]
    while !rest.isEmpty {
      var end = rest.endIndex
      if rest.count > Self.atomicByteCount {
        let most = rest.prefix(Self.atomicByteCount)
        end = most.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? most.endIndex
      }
      StandardStream.error.show(bytes: rest[..<end])
      rest = rest[end...]
    }
  }

  /// PIPE_BUF (pipe(7)).
  private static let atomicByteCount = 4_096
}
