/// Measures the steps of a training loop from outside: from one batch to the next.
///
/// A step is the time that the loop takes between two calls of `next`, plus the wait inside the second. What the cache
/// loader itself does (copying, stopping the worker) is not counted.
struct StepClock {
  private var liveSeconds: [Double] = []
  private var replaySeconds: [Double] = []
  private var begin: UInt64?
  /// The loop's own part of the step that is being completed.
  private var loopNanoseconds: UInt64?
  private var skippedLiveSteps = 0

  /// The loop asks for the next batch.
  mutating func stepEnds(at now: UInt64, isReplay: Bool) {
    guard let begin else { return }
    loopNanoseconds = now - begin
    if isReplay { complete(waited: 0, isReplay: true) }
  }

  /// The loader made the loop wait.
  mutating func waited(_ nanoseconds: UInt64) {
    complete(waited: nanoseconds, isReplay: false)
  }

  /// A batch is handed out.
  mutating func stepBegins(at now: UInt64) {
    begin = now
    loopNanoseconds = nil
  }

  /// The end of an epoch: what the loop does until it asks again is not a step.
  mutating func pause() {
    begin = nil
    loopNanoseconds = nil
  }

  /// - Parameter ringDepth: batches that were ready before the first step, and hid the loader's true pace.
  mutating func replayStarts(ringDepth: Int) {
    loopNanoseconds = nil
    skippedLiveSteps = min(ringDepth, liveSeconds.count / 2)
  }

  /// Steps with the loader, without those that lived on the batches that waited at the start.
  var steadyLiveSeconds: [Double] { Array(liveSeconds.dropFirst(skippedLiveSteps)) }

  /// Steps with cached batches, without the first two, which still share the machine with a worker that ends.
  var steadyReplaySeconds: [Double] { Array(replaySeconds.dropFirst(2)) }

  private mutating func complete(waited: UInt64, isReplay: Bool) {
    guard let loop = loopNanoseconds else { return }
    loopNanoseconds = nil
    let seconds = Double(loop + waited) / 1e9
    if isReplay { replaySeconds.append(seconds) } else { liveSeconds.append(seconds) }
  }
}
