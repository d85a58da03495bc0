import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// Reads what the processes of a loader say, within the supervisor: each has a pipe in the place of its standard error.
final class LogDesk: Attendant {
  /// A process that says something.
  private struct Speaker {
    let pipe: OutputPipe
    let role: String
    let processID: Int32
    var splitter = LineSplitter()
    var last = LastLines()
  }

  private let book: LogBook
  private var speakers: [Speaker] = []
  /// Of processes whose pipe has ended, which may be told of before their end is.
  private var silent: [Speaker] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  private static let silentCount = 64

  /// In a process of one thread: what it writes to nobody is an error from here on, and no signal.
  init(_ target: LogTarget) {
    book = LogBook(target)
    Program.ignoreBrokenPipes()
  }

  /// There is a ring from here on.
  func open(_ ring: Ring) { book.open(ring) }

  /// For a process that is about to be forked, which calls `PipedLog.begin` with it first; nil: it keeps the
  /// standard error of this one, since that is asked for, or since there is no descriptor for a pipe.
  func makePipe() -> OutputPipe? { book.isRead ? try? OutputPipe() : nil }

  /// The process is there.
  func listen(_ pipe: OutputPipe?, role: String, _ processID: Int32) {
    guard let pipe else { return }
    pipe.closeWriteEnd()
    speakers.append(Speaker(pipe: pipe, role: role, processID: processID))
  }

  /// The supervisor says something itself.
  func say(_ level: LogLevel, _ text: String) {
    book.note(
      LogFrame(level: level, text: text), role: "supervisor", processID: Int32(ProcessIdentity.current.processID))
  }

  /// A process has ended. Returns its last lines.
  func takeLastLines(of processID: Int32) -> [String] {
    if let index = speakers.firstIndex(where: { $0.processID == processID }) {
      readRest(index)
      // Reading to the end has taken it out.
      if let index = speakers.firstIndex(where: { $0.processID == processID }) { return end(index).last.lines }
    }
    guard let index = silent.lastIndex(where: { $0.processID == processID }) else { return [] }
    return silent.remove(at: index).last.lines
  }

  var descriptors: [Int32] { speakers.map(\.pipe.descriptor) }

  var due: UInt64? { book.isBehind ? MonotonicClock.now + 20_000_000 : nil }

  func attend(_ ready: Set<Int32>) -> Bool {
    // From the end, since those that have ended are taken out.
    for index in speakers.indices.reversed() where ready.contains(speakers[index].pipe.descriptor) {
      // Once: whoever writes without end must not keep this thread.
      _ = read(index)
    }
    book.flush()
    return true
  }

  func loaderHasEnded() {
    for index in speakers.indices.reversed() { readRest(index) }
    while !speakers.isEmpty { _ = end(speakers.count - 1) }
    book.close()
  }

  /// In a child: it is not to read what its siblings say, nor keep its own pipe open.
  func letGoInChild() {
    speakers = []
    silent = []
  }

  /// Reads what a process that is over has left in its pipe, and no more: one that it has started may still write.
  private func readRest(_ index: Int) {
    for _ in 0..<Self.pipeReadCount where !read(index) { return }
  }

  /// A pipe holds at most 1 MiB (pipe(7)).
  private static let pipeReadCount = 16

  /// Reads once from a speaker's pipe. Returns whether there may be more.
  private func read(_ index: Int) -> Bool {
    switch speakers[index].pipe.read(into: &buffer) {
    case .bytes(let count):
      for line in speakers[index].splitter.take(buffer[..<count]) { note(line, index) }
      return count == buffer.count
    case .nothing: return false
    case .end:
      let speaker = end(index)
      if silent.count == Self.silentCount { silent.removeFirst() }
      silent.append(speaker)
      return false
    }
  }

  private func end(_ index: Int) -> Speaker {
    if let rest = speakers[index].splitter.end() { note(rest, index) }
    return speakers.remove(at: index)
  }

  private func note(_ line: [UInt8], _ index: Int) {
    let frame = LogFrame(line: line)
    book.note(frame, role: speakers[index].role, processID: speakers[index].processID)
    speakers[index].last.add(PrintableText.line("\(frame)"))
  }
}
