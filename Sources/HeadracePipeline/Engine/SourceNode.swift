import HeadraceCore
import Synchronization

/// The first stage: reads the source, one thread at a time.
final class SourceNode<S: Source>: StageNode {
  private typealias PositionChunk = Chunk<Int, Handover.Outcome>

  private struct State {
    var reader: S.Reader?
    var position = 0
    var size = ChunkSize()
    var hasEnded = false
  }

  private let source: S
  private let output: HandoverQueue
  private let stage: StageContext
  /// Concurrency is 1: only ever locked by one lane, which may keep it while it reads.
  private let state: Mutex<Disconnected<State>>
  /// The chunk that is being read, for `relieve`: `state` is locked meanwhile.
  private let open = Mutex(OpenChunks<Int, Handover.Outcome>())
  private let identify: (@Sendable (S.Element) -> SampleID)?

  init(source: S, output: HandoverQueue, stage: StageContext) {
    self.source = source
    self.output = output
    self.stage = stage
    state = Mutex(Disconnected(State()))
    // Asked once here rather than per sample: a dynamic cast costs as much as a small stage.
    if S.Element.self is any SampleIdentifiable.Type {
      identify = { element in (element as? any SampleIdentifiable)?.sampleID ?? SampleID(key: "") }
    } else {
      identify = nil
    }
  }

  func runSlice(lane: Int) -> SliceResult {
    state.withLock { box in
      let start = Clock.now
      while true {
        if box.value.hasEnded || stage.scheduler.isDraining { return .finished }
        let size = box.value.size.count
        let (ticket, room) = output.reserve(size, chunk: size)
        guard room > 0 else { return .blocked }
        let position = box.value.position
        let chunk = PositionChunk(firstTicket: ticket, tasks: Array(position..<(position + room)))
        open.withLock { $0.add(chunk) }
        let begin = Clock.now
        let (results, ending) = read(chunk, &box.value, lane: lane)
        let end = Clock.now
        open.withLock { $0.remove(chunk) }
        let count = box.value.position - position
        stage.metrics.record(
          tasks: count, failures: ending.isFailure ? 1 : 0, filtered: 0, nanoseconds: end - begin)
        box.value.size.adapt(samples: count, nanoseconds: end - begin)
        output.unreserve(room - count)
        output.fill(results.firstTicket, results.outputs)
        if let ending {
          box.value.hasEnded = true
          box.value.reader = nil
          output.finish(ending)
          return .finished
        }
        if end - start > StageContext.sliceNanoseconds { return .again }
      }
    }
  }

  func relieve() {
    for chunk in open.withLock({ $0.removeOverdue() }) {
      // The rest is for the same lane to read: there is one reader.
      let results = chunk.relieve().results
      output.fill(results.firstTicket, results.outputs)
    }
  }

  /// Reads the samples at the chunk's positions, as long as there are any.
  private func read(_ chunk: PositionChunk, _ state: inout State, lane: Int) -> (PositionChunk.Results, Ending?) {
    var ending: Ending?
    let results = chunk.run { position in
      if stage.scheduler.isDraining { return nil }
      stage.begin(lane: lane, position: position)
      do {
        if state.reader == nil { state.reader = try source.makeReader(epoch: stage.epoch) }
        guard let element = try state.reader?.next() else {
          ending = .endOfEpoch
          return nil
        }
        let label = identify.map { SampleLabel($0(element)) }
        state.position = position + 1
        return .value(Item(position: position, label: label, value: element))
      } catch {
        ending = .failure(failure(error, after: position))
        return nil
      }
    }
    return (results, ending)
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
