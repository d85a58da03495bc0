import HeadraceCore
import HeadracePipeline
import HeadraceSystem

/// The log of a child whose standard error is a pipe that the loader's supervisor reads.
final class PipedLog: LogOutlet {
  /// In the child: from here on its standard error is the pipe, and lines of `LoaderLog` go there as frames.
  static func begin(_ pipe: OutputPipe) {
    pipe.takeStandardError()
    LoaderLog.processOutlet = PipedLog()
  }

  func log(_ level: LogLevel, _ text: String, _ label: CallLabel?) {
    let frames = LogFrame.frames(level, stage: label?.stage, sample: label?.sample, text: text)
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
