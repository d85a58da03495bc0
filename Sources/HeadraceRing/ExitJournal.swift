import HeadraceCore

/// How processes of the loader have ended.
typealias ExitJournal = Journal<WorkerExit>

extension WorkerExit: JournalEntry {
  static var filePrefix: String { RingName.exits }
  static var keptCount: Int { 256 }
  static var roomByteCount: Int { 4_096 }
}

extension Ring {
  /// How processes of the loader have ended that were not told to, the newest 256, the oldest of them first.
  package var exits: [WorkerExit] { memory.exitJournal.read() }

  /// Notes an exit: the supervisor alone does. What has no room is left out: the oldest lines of its log, then the end
  /// of what was at work.
  package func note(_ exit: WorkerExit) {
    memory.exitJournal.append(exit) { exit in
      if !exit.log.isEmpty {
        exit.log.removeFirst()
      } else if exit.work.isEmpty {
        return false
      } else {
        exit.work.removeLast()
      }
      return true
    }
  }
}
