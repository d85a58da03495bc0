import Headrace
import HeadraceSystem

/// What was seen of a loader at one moment.
struct TopLook {
  let processID: Int
  let workerProcessID: Int?
  let phase: String
  let slots: Int
  let slotsUsed: Int
  let usage: WorkerUsage
  let deaths: Int
  let failures: Int
  let readers: [ReaderStatus]
  let statistics: [StageStatistics]
  let lastExit: WorkerExit?
  let lastLine: LogLine?
  let atWork: [RunningCall]
  let time = MonotonicClock.now

  init(_ loader: LoaderMonitor) {
    processID = loader.processID
    workerProcessID = loader.workerProcessID
    phase = loader.phase
    slots = loader.slotCount
    slotsUsed = loader.usedSlotCount
    usage = loader.workerUsage
    deaths = loader.deathCount
    failures = loader.failureCount
    readers = loader.readers
    // They come from memory of another process.
    statistics = loader.statistics().map { stage in
      var stage = stage
      stage.name = PrintableText.line(stage.name)
      return stage
    }
    lastExit = loader.exits.last
    lastLine = loader.log.last
    atWork = loader.atWork
  }
}
