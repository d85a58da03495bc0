import HeadraceCore
import Synchronization

/// The first stage: reads the source, one thread at a time.
final class SourceNode<S: Source>: StageNode {
  private struct State {
    var reader: S.Reader?
    var position = 0
    var run = RunLength()
    var hasEnded = false
  }

  private let source: S
  private let output: HandoverQueue<AnySample>
  private let stage: StageContext
  /// Concurrency is 1: only ever locked by one lane, which may keep it while it reads.
  private let state: Mutex<Disconnected<State>>
  private let identify: (@Sendable (S.Element) -> SampleID)?

  init(source: S, output: HandoverQueue<AnySample>, stage: StageContext) {
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
        let (ticket, room) = output.reserve(box.value.run.count, run: box.value.run.count)
        guard room > 0 else { return .blocked }
        stage.observer?.begin(
          lane: lane, stage: stage.index, name: stage.description.name, position: box.value.position, sample: nil)
        let begin = Clock.now
        let (outcomes, ending) = read(room, &box.value)
        let end = Clock.now
        output.unreserve(room - outcomes.count)
        stage.metrics.record(
          tasks: outcomes.count, failures: ending.isFailure ? 1 : 0, filtered: 0, nanoseconds: end - begin)
        box.value.run.adapt(samples: outcomes.count, nanoseconds: end - begin)
        output.fill(ticket, outcomes)
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

  private func read(_ count: Int, _ state: inout State) -> ([Handover<AnySample>.Outcome], Ending?) {
    var outcomes: [Handover<AnySample>.Outcome] = []
    outcomes.reserveCapacity(count)
    do {
      if state.reader == nil { state.reader = try source.makeReader(epoch: stage.epoch) }
      while outcomes.count < count, !stage.scheduler.isDraining {
        guard let element = try state.reader?.next() else { return (outcomes, .endOfEpoch) }
        let label = identify.map { SampleLabel($0(element)) }
        outcomes.append(.value(Item(position: state.position, label: label, value: element)))
        state.position += 1
      }
      return (outcomes, nil)
    } catch let error as HeadraceError {
      var located = error
      located.stage = error.stage ?? stage.description.name
      return (outcomes, .failure(located))
    } catch {
      return (
        outcomes,
        .failure(
          HeadraceError(
            .sourceFailed,
            "The source (\(source.name)) failed after \(state.position) samples of epoch \(stage.epoch).",
            stage: stage.description.name, cause: String(describing: error)))
      )
    }
  }
}

extension Optional where Wrapped == Ending {
  var isFailure: Bool {
    if case .failure? = self { return true }
    return false
  }
}
