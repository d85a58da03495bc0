import HeadraceCore

/// What processes of the loader have said.
typealias LogJournal = Journal<LogLine>

extension LogLine: JournalEntry {
  static var filePrefix: String { RingName.log }
  static var keptCount: Int { 512 }
  static var roomByteCount: Int { 1_280 }
}

extension Ring {
  /// Lines that processes of the loader have said since the start. In the ring's memory, so that looking for new ones
  /// is no system call.
  package var logLineCount: Int {
    Int(clamping: unsafe atomic64(RingLayout.logLineCountOffset).pointee.load(ordering: .acquiring))
  }

  /// The lines from number `first` on that are still kept, the oldest first.
  ///
  /// - Parameter end: a `logLineCount`, so that who goes on from there later reads no line twice; nil: those of now.
  package func logLines(from first: Int = 0, upTo end: Int? = nil) -> [LogLine] {
    memory.logJournal.read(from: first, upTo: end ?? logLineCount)
  }

  /// Notes a line: the supervisor alone does, or the process itself where there is none.
  package func note(_ line: LogLine) {
    guard memory.logJournal.append(line) else { return }
    // SYNC(log): releasing: who sees the number finds the line.
    unsafe atomic64(RingLayout.logLineCountOffset).pointee
      .store(UInt64(memory.logJournal.count), ordering: .releasing)
  }
}
