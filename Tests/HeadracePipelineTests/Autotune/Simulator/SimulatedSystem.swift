import HeadracePipeline
import HeadraceTestSupport

/// A pipeline on a machine, with a trainer behind it: what happens, event by event, on a clock of its own.
///
/// Calls take their time with noise. Cores are shared evenly between the calls that want one. Queues are bounded as the
/// engine bounds them: a call starts when there is a lane, an input and room for its result, and the last stage first.
final class SimulatedSystem {
  struct Trainer {
    var stepSeconds: Double
    var batchSize: Int
  }

  /// What a stage is doing.
  private struct Progress {
    var active = 0
    /// Results that wait behind it.
    var waiting = 0
    /// How many may be made or wait.
    var capacity = 0
    /// Calls that wait for the lock of the stage.
    var queued: [SimulatedCall] = []
    var isLocked = false
    var order: SimulatedOrder
    var lap = StageLap()
    /// Until when `lap.laneSeconds` is counted.
    var since = 0.0

    mutating func count(until now: Double) {
      lap.laneSeconds += (now - since) * Double(active)
      since = now
    }
  }

  let stages: [SimulatedStage]
  let coreCount: Int
  let laneCount: Int
  var trainer: Trainer
  var concurrency: [Int]
  /// The standard deviation of a call's or a step's time, as a share of it.
  var noise = 0.2
  /// By which factor the calls of each stage take longer than they should.
  var slowdown: [Double]

  private(set) var now = 0.0
  private var random: SplitMix64
  private var progress: [Progress]
  private var activeCount = 0
  /// Calls that sleep, by the time at which they wake, and that hold a lock, by the time at which they let it go.
  private var sleepers = EventHeap()
  private var holders = EventHeap()
  /// Calls on a core, by the share of a core's time at which they are done: all of them progress alike.
  private var computing = EventHeap()
  private var coreTime = 0.0
  /// When the trainer's step ends; infinite: it waits.
  private var stepEnd = Double.infinity
  private var lap: TuningLap

  init(stages: [SimulatedStage], coreCount: Int, laneCount: Int = 64, trainer: Trainer, seed: Int = 1) {
    self.stages = stages
    self.coreCount = coreCount
    self.laneCount = laneCount
    self.trainer = trainer
    concurrency = stages.map(\.start)
    slowdown = stages.map { _ in 1 }
    random = SplitMix64(seed: seed)
    progress = stages.map { Progress(order: SimulatedOrder(isOrdered: $0.isOrdered)) }
    lap = Self.emptyLap(laneCount)
  }

  /// What happens in the next `seconds`, or until the trainer pauses no longer.
  func lap(of seconds: Double = 0.2) -> TuningLap {
    lap = Self.emptyLap(laneCount)
    let end = now + seconds
    for index in progress.indices { progress[index].capacity = capacity(behind: index) }
    fill()
    while let event = nextEvent(before: end) {
      switch event {
      case .computed:
        let event = computing.removeFirst()
        finish(event.stage, event.call)
      case .woken:
        let event = sleepers.removeFirst()
        compute(event.stage, event.call)
      case .released:
        let event = holders.removeFirst()
        release(event.stage, event.call)
      case .stepEnded:
        stepEnd = .infinity
      }
      step()
      fill()
    }
    return finishedLap(seconds)
  }

  private static func emptyLap(_ laneCount: Int) -> TuningLap {
    TuningLap(
      seconds: 0, stepCount: 0, waitSeconds: 0, cpuSeconds: 0, laneCount: laneCount, stages: [])
  }

  private func finishedLap(_ seconds: Double) -> TuningLap {
    lap.seconds = seconds
    for index in progress.indices {
      progress[index].count(until: now)
      lap.stages.append(progress[index].lap)
      progress[index].lap = StageLap()
      let held = progress[index].active + progress[index].order.heldCount + progress[index].waiting
      lap.byteCountInFlight += held * stages[index].byteCount
    }
    return lap
  }

  // MARK: Time

  private enum Event {
    case computed, woken, released, stepEnded
  }

  /// Moves the clock to the next event, or to `end` if none comes before.
  private func nextEvent(before end: Double) -> Event? {
    var next: Event?
    var time = end
    if computing.count > 0 {
      let computed = now + max(0, computing.firstTime - coreTime) / rate
      if computed <= time { (next, time) = (.computed, computed) }
    }
    if sleepers.firstTime <= time { (next, time) = (.woken, sleepers.firstTime) }
    if holders.firstTime <= time { (next, time) = (.released, holders.firstTime) }
    if stepEnd <= time { (next, time) = (.stepEnded, stepEnd) }
    let elapsed = time - now
    coreTime += elapsed * rate
    lap.cpuSeconds += elapsed * Double(min(computing.count, coreCount))
    if stepEnd == .infinity { lap.waitSeconds += elapsed }
    now = time
    return next
  }

  /// Seconds of core time that each computing call gets in a second.
  private var rate: Double { computing.count > coreCount ? Double(coreCount) / Double(computing.count) : 1 }

  /// A number from 0 to 1.
  private func chance() -> Double { Double(random.next() >> 11) * 0x1p-53 }

  /// Uniformly distributed, with the deviation of `noise`.
  private func noisy(_ seconds: Double) -> Double {
    seconds * (1 + noise * 3.4641 * (chance() - 0.5))
  }

  // MARK: Calls

  private func capacity(behind index: Int) -> Int {
    let next = index + 1
    if next < stages.count { return 2 * max(concurrency[index], concurrency[next]) }
    return max(2 * concurrency[index], 4 * trainer.batchSize)
  }

  private func fill() {
    var index = stages.count - 1
    while index >= 0 {
      while activeCount < laneCount, progress[index].active < concurrency[index],
        index == 0 || progress[index - 1].waiting > 0,
        progress[index].active + progress[index].order.heldCount + progress[index].waiting < progress[index].capacity
      {
        if index > 0 { progress[index - 1].waiting -= 1 }
        progress[index].count(until: now)
        progress[index].active += 1
        activeCount += 1
        lock(index, SimulatedCall(begin: now, ticket: progress[index].order.take()))
      }
      index -= 1
    }
  }

  private func lock(_ index: Int, _ call: SimulatedCall) {
    if stages[index].lockSeconds == 0 {
      sleep(index, call)
    } else if progress[index].isLocked {
      progress[index].queued.append(call)
    } else {
      progress[index].isLocked = true
      let seconds = noisy(stages[index].lockSeconds * slowdown[index])
      holders.insert(.init(time: now + seconds, stage: index, call: call))
    }
  }

  private func release(_ index: Int, _ call: SimulatedCall) {
    progress[index].isLocked = false
    if !progress[index].queued.isEmpty { lock(index, progress[index].queued.removeFirst()) }
    sleep(index, call)
  }

  private func sleep(_ index: Int, _ call: SimulatedCall) {
    guard stages[index].sleepSeconds > 0 else { return compute(index, call) }
    let seconds = noisy(stages[index].sleepSeconds * slowdown[index])
    sleepers.insert(.init(time: now + seconds, stage: index, call: call))
  }

  private func compute(_ index: Int, _ call: SimulatedCall) {
    guard stages[index].cpuSeconds > 0 else { return finish(index, call) }
    let seconds = noisy(stages[index].cpuSeconds * slowdown[index])
    computing.insert(.init(time: coreTime + seconds, stage: index, call: call))
  }

  private func finish(_ index: Int, _ call: SimulatedCall) {
    progress[index].count(until: now)
    progress[index].active -= 1
    activeCount -= 1
    progress[index].lap.callCount += 1
    progress[index].lap.callSeconds += now - call.begin
    progress[index].lap.resultByteCount += stages[index].byteCount
    let isKept = stages[index].keep == 1 || chance() < stages[index].keep
    progress[index].waiting += progress[index].order.finish(call.ticket, isKept: isKept)
  }

  /// The trainer takes a batch when it has none and there is one.
  private func step() {
    let last = stages.count - 1
    guard stepEnd == .infinity, progress[last].waiting >= trainer.batchSize else { return }
    progress[last].waiting -= trainer.batchSize
    lap.stepCount += 1
    stepEnd = now + noisy(trainer.stepSeconds)
  }
}
