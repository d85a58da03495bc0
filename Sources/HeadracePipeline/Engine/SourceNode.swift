import HeadraceCore
import HeadraceSystem
import Synchronization

/// A first stage: reads the source, one thread at a time.
final class SourceNode: StageNode {
  private typealias PositionChunk = Chunk<Int, Handover.Outcome>

  private struct State {
    var reader: ItemSource.Reader?
    var position = 0
    var size = ChunkSize()
    var hasEnded = false
    /// Errors since the last sample.
    var errorsInARow = 0
  }

  /// A reader that throws so often without a sample between will not go on.
  private static let mostErrorsInARow = 1000

  private let source: ItemSource
  private let output: HandoverQueue
  private let stage: StageContext
  /// Concurrency is 1: only ever locked by one lane, which may keep it while it reads.
  private let state: Mutex<Disconnected<State>>
  /// The chunk that is being read, for `relieve`: `state` is locked meanwhile.
  private let open = Mutex(OpenChunks<Int, Handover.Outcome>())

  init(source: ItemSource, output: HandoverQueue, stage: StageContext) {
    self.source = source
    self.output = output
    self.stage = stage
    state = Mutex(Disconnected(State()))
  }

  func runSlice(lane: Int) -> SliceResult {
    state.withLock { box in
      let start = MonotonicClock.now
      while true {
        if box.value.hasEnded || stage.isDraining { return .finished }
        let size = box.value.size.count
        let place = output.reserve(size, chunk: size)
        if place.isCancelled {
          box.value.hasEnded = true
          box.value.reader = nil
          stage.sourceHasEnded()
          return .finished
        }
        guard place.count > 0 else { return .blocked }
        let bytes = stage.largestByteCount
        let granted = stage.grant(place.count, bytes: bytes)
        output.unreserve(place.count - granted)
        guard granted > 0 else { return .blocked }
        let position = box.value.position
        let chunk = PositionChunk(firstTicket: place.ticket, count: granted) { position + $0 }
        open.withLock { $0.add(chunk) }
        let begin = MonotonicClock.now
        let room = stage.budget == nil ? nil : granted * (bytes ?? 0)
        var reading = read(chunk, &box.value, room: room, lane: lane)
        let end = MonotonicClock.now
        open.withLock { $0.remove(chunk) }
        let count = box.value.position - position
        stage.metrics.record(
          tasks: count, failures: reading.failureCount, filtered: 0, nanoseconds: end - begin)
        box.value.size.adapt(samples: count, nanoseconds: end - begin)
        if count > 0 { stage.metrics.recordResult(byteCount: reading.largestByteCount) }
        stage.settle(granted, bytes: bytes ?? 0, released: 0, made: reading.byteCount)
        output.unreserve(granted - count)
        output.fill(reading.results.firstTicket, &reading.results.outputs)
        if let ending = reading.ending {
          box.value.hasEnded = true
          box.value.reader = nil
          output.finish(ending)
          // After an error the next epoch is not begun before it is asked for.
          if !ending.isFailure { stage.sourceHasEnded() }
          return .finished
        }
        if end - start > StageContext.sliceNanoseconds { return .again }
      }
    }
  }

  func relieve() {
    for chunk in open.withLock({ $0.removeOverdue() }) {
      // The rest is for the same lane to read: there is one reader.
      var results = chunk.relieve().results
      output.fill(results.firstTicket, &results.outputs)
    }
  }

  private struct Reading {
    var results = PositionChunk.Results(firstTicket: 0, outputs: [])
    var ending: Ending?
    var failureCount = 0
    var byteCount = 0
    var largestByteCount = 0
  }

  /// Reads the samples at the chunk's positions, as long as there are any.
  ///
  /// - Parameter room: bytes that were granted for all of them. What comes to more ends the chunk: the next samples may
  ///   be as large.
  private func read(_ chunk: PositionChunk, _ state: inout State, room: Int?, lane: Int) -> Reading {
    var reading = Reading()
    reading.results = chunk.run { position, _ in
      if stage.isDraining { return nil }
      if let room, reading.byteCount > room { return nil }
      stage.begin(lane: lane, position: position)
      do {
        if state.reader == nil { state.reader = try source.makeReader(stage.readerEpoch) }
      } catch {
        reading.failureCount += 1
        reading.ending = .failure(failure(error, after: position))
        return nil
      }
      let task = stage.beginTask(position)
      do {
        guard let item = try state.reader?(position) else {
          task?.end(.exhausted)
          reading.ending = .endOfEpoch
          return nil
        }
        task?.end(.done)
        state.errorsInARow = 0
        state.position = position + 1
        reading.byteCount += item.byteCount
        reading.largestByteCount = max(reading.largestByteCount, item.byteCount)
        return .value(item)
      } catch {
        task?.end(.failed(error))
        reading.failureCount += 1
        let known = failure(error, after: position)
        state.errorsInARow += 1
        guard stage.description.failurePolicy != .raise, state.errorsInARow < Self.mostErrorsInARow else {
          reading.ending = .failure(known)
          return nil
        }
        // The place of the sample that could not be read: counted against the policy when its turn comes.
        state.position = position + 1
        return .failed(SampleFailure(epoch: stage.epoch, position: position, error: known))
      }
    }
    return reading
  }

  private func failure(_ error: any Error, after count: Int) -> HeadraceError {
    if var known = error as? HeadraceError {
      known.stage = known.stage ?? stage.description.name
      return known
    }
    return HeadraceError(
      .sourceFailed,
      "The source (\(source.name)) failed after \(HumanUnits.count(count, "sample")) of epoch \(stage.epoch).",
      stage: stage.description.name, cause: describe(error))
  }
}
