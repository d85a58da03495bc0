import HeadraceCore
import HeadraceSystem

/// How processes of the loader have ended, the newest 256.
typealias ExitJournal = Journal<WorkerExit>

extension Journal where Entry == WorkerExit {
  init(_ name: RingName) throws(Errno) {
    self.init(try GrowingMemoryFile(name: RingName.exits + name.number))
  }

  /// One that another process has made.
  init(_ descriptor: consuming FileDescriptor) {
    self.init(GrowingMemoryFile(descriptor))
  }

  private init(_ file: consuming GrowingMemoryFile) {
    self.init(file, entryCount: 256, entryByteCount: 4_096)
  }
}

extension Ring {
  /// How processes of the loader have ended that were not told to, the newest 256, the oldest of them first.
  package var exits: [WorkerExit] { memory.exitJournal.read() }

  /// Notes an exit: the supervisor alone does. What has no room is left out: the oldest lines of its log, then the end of
  /// what was at work.
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
