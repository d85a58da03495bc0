import Headrace
import Testing

@testable import HeadraceWorker

/// The schedule against a model of the worker around it, over all sequences of events up to a length.
@Suite struct EpochScheduleTests {
  /// What the loop, the run and the consumer do, and what must hold of the schedule's answers.
  private struct World {
    enum Run: Hashable {
      case none
      case running(isStopping: Bool)
      case ended
    }

    var schedule: EpochSchedule
    let limit: Int?
    var requested = 0
    var isStopRequested = false
    var run = Run.none
    /// All of the epoch that runs has been read.
    var isRead = false
    /// The epoch that was prepared behind it.
    var ahead = Run.none
    /// Epoch that was started last.
    var current = -1
    var pending: EpochSchedule.Message?
    var lastFailed = false
    var hasExited = false
    var published: [Int] = []

    enum Event: CaseIterable {
      case askAndPublish, askWithoutSlot, read, complete, fail, endStopped, rest, restAhead, request, requestStop
    }

    /// Applies `event` if it can happen now. Returns nil if not.
    func after(_ event: Event) -> World? {
      var next = self
      switch (event, run) {
      case (.askAndPublish, _), (.askWithoutSlot, _): next.ask(hasSlot: event == .askAndPublish)
      case (.read, .running) where !isRead:
        next.isRead = true
        next.schedule.read(current)
      case (.complete, .running) where isRead:
        next.run = .ended
        next.pending = .endOfEpoch(current)
        next.schedule.ended(current, .completed)
      case (.fail, .running):
        next.run = .ended
        next.lastFailed = true
        next.pending = .failure(Self.error, epoch: current)
        next.schedule.ended(current, .failed(Self.error))
      case (.endStopped, .running(isStopping: true)):
        next.run = .ended
        next.schedule.ended(current, .stopped)
      case (.rest, .ended):
        next.run = .none
        next.schedule.rested(current)
      case (.restAhead, _) where ahead == .running(isStopping: true):
        next.ahead = .none
        next.schedule.ended(current + 1, .stopped)
        next.schedule.rested(current + 1)
      case (.request, _) where requested < 3: next.requested += 1
      case (.requestStop, _) where !isStopRequested: next.isStopRequested = true
      default: return nil
      }
      return next
    }

    static let error = HeadraceError(.stageFailed, "bad")

    private var isWanted: Bool { !isStopRequested && requested <= current }

    private mutating func ask(hasSlot: Bool) {
      let following = max(current + 1, requested)
      switch schedule.next(requested: requested, stop: isStopRequested) {
      case .prepare(let epoch):
        #expect(run != .none && isRead && ahead == .none && !lastFailed)
        #expect(!isStopRequested && requested <= epoch, "nobody wants it")
        #expect(epoch == current + 1 && epoch < limit ?? .max)
        ahead = .running(isStopping: false)
      case .open(let epoch):
        #expect(ahead == .running(isStopping: false) && epoch == current + 1)
        begin(epoch, following)
        ahead = .none
      case .start(let epoch):
        #expect(ahead == .none)
        begin(epoch, following)
      case .stop(let epoch) where epoch == current + 1:
        #expect(ahead == .running(isStopping: false) && (isStopRequested || requested > epoch))
        ahead = .running(isStopping: true)
      case .stop(let epoch):
        #expect(epoch == current && run == .running(isStopping: false) && !isWanted)
        run = .running(isStopping: true)
      case .publish(let message):
        #expect(message == pending && isWanted)
        guard hasSlot else { return }
        schedule.published()
        published.append(current)
        pending = nil
        #expect(published == Array(Set(published)).sorted(), "epochs end once, in order")
      case .exit:
        #expect(isStopRequested && run == .none && ahead == .none)
        hasExited = true
      case .wait:
        // Nothing to do: what could be done was done.
        #expect(run != .running(isStopping: false) || isWanted, "a run that nobody wants goes on")
        #expect(ahead != .running(isStopping: false) || !isStopRequested, "what was prepared for nobody goes on")
        if isStopRequested { #expect(run != .none || ahead != .none, "did not exit") }
        if !isStopRequested && pending != nil && isWanted { Issue.record("a message stays unpublished") }
        if !isStopRequested && run == .none && ahead != .running(isStopping: true) && following < limit ?? .max {
          #expect(lastFailed && requested <= current, "epoch \(following) was not started")
        }
      }
    }

    private mutating func begin(_ epoch: Int, _ following: Int) {
      #expect(run == .none && !isStopRequested)
      #expect(epoch == following && epoch < limit ?? .max)
      #expect(pending == nil || requested > current, "a message was forgotten")
      #expect(!lastFailed || requested > current, "started after a failure without being asked")
      (run, current, pending, lastFailed, isRead) = (.running(isStopping: false), epoch, nil, false, false)
    }
  }

  private func explore(_ world: World, depth: Int, count: inout Int) {
    count += 1
    guard depth > 0, !world.hasExited else { return }
    for event in World.Event.allCases {
      if let next = world.after(event) { explore(next, depth: depth - 1, count: &count) }
    }
  }

  @Test(arguments: [nil, 1, 2]) func everySequenceOfEventsKeepsTheRules(limit: Int?) {
    var count = 0
    explore(World(schedule: EpochSchedule(epochLimit: limit), limit: limit), depth: 8, count: &count)
    print("epoch schedule, limit \(limit.map(String.init) ?? "none"): \(count) states")
    #expect(count > 10_000)
  }

  @Test func anUndisturbedWorkerRunsAheadAndStopsAtItsLimit() {
    var schedule = EpochSchedule(epochLimit: 2)
    for epoch in 0..<2 {
      #expect(schedule.next(requested: 0, stop: false) == (epoch == 0 ? .start(epoch: 0) : .open(epoch: 1)))
      #expect(schedule.next(requested: 0, stop: false) == .wait)
      schedule.read(epoch)
      #expect(schedule.next(requested: 0, stop: false) == (epoch == 0 ? .prepare(epoch: 1) : .wait))
      schedule.ended(epoch, .completed)
      #expect(schedule.next(requested: 0, stop: false) == .publish(.endOfEpoch(epoch)))
      schedule.published()
      #expect(schedule.next(requested: 0, stop: false) == .wait)
      schedule.rested(epoch)
    }
    #expect(schedule.next(requested: 0, stop: false) == .wait)
    #expect(schedule.isIdle)
    #expect(schedule.next(requested: 2, stop: false) == .wait)
    #expect(schedule.next(requested: 2, stop: true) == .exit)
  }

  /// Those that were told of a failure are gone, and whoever has come since does not know of it.
  @Test func afterAFailureAWorkerOfWhichNobodyHasAskedAnythingGoesOn() {
    var schedule = EpochSchedule(epochLimit: nil)
    let failure = HeadraceError(.stageFailed, "no")
    #expect(schedule.next(requested: nil, stop: false) == .start(epoch: 0))
    schedule.ended(0, .failed(failure))
    schedule.rested(0)
    #expect(schedule.next(requested: nil, stop: false) == .publish(.failure(failure, epoch: 0)))
    schedule.published()
    #expect(schedule.next(requested: 0, stop: false) == .wait)
    #expect(schedule.next(requested: nil, stop: false) == .start(epoch: 1))
  }
}
