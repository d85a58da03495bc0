import Testing

@testable import HeadracePipeline

/// Walks through every interleaving of a small pipeline: a source, a stage after it, and a sink whose buffers come
/// back.
///
/// What a lane does between two locks is one step. A look at a queue, the signal to a neighbour and the end of a slice
/// are steps of their own, so that anything can happen between them.
@Suite struct SchedulerInterleavingTests {
  private enum Lane: Hashable {
    case idle
    /// Started, or between two slices.
    case choosing
    case looking(stage: Int)
    /// Has changed a queue and will tell a neighbour.
    case signalling(to: Int, from: Int)
    case ending(stage: Int, SliceResult)
  }

  private struct World: Hashable {
    var unread: Int
    let capacity: Int
    var waiting = 0
    var buffers: Int
    var published = 0
    var delivered = 0
    var consumerSignals = 0
    var lanes: [Lane]
    var mayStop: Bool
    var hasStopped = false
    var scheduler: SchedulerState

    static func == (left: World, right: World) -> Bool { left.key == right.key }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    var key: String {
      "\(unread) \(waiting) \(buffers) \(published) \(consumerSignals) \(hasStopped) \(lanes) \(scheduler)"
    }

    mutating func signal(_ stage: Int) {
      if let lane = scheduler.signal(stage, now: 0) {
        precondition(lanes[lane] == .idle, "lane \(lane) was started while it runs")
        lanes[lane] = .choosing
      }
    }

    /// The worlds that one step leads to.
    var successors: [World] {
      var worlds: [World] = []
      func add(_ change: (inout World) -> Void) {
        var world = self
        change(&world)
        worlds.append(world)
      }
      for lane in lanes.indices where lanes[lane] != .idle { add { $0.step(lane) } }
      if published > 0 {
        add {
          $0.published -= 1
          $0.buffers += 1
          $0.consumerSignals += 1
        }
      }
      if consumerSignals > 0 {
        add {
          $0.consumerSignals -= 1
          $0.signal(1)
        }
      }
      if mayStop && !hasStopped {
        add {
          $0.hasStopped = true
          $0.scheduler.drain(now: 0)
        }
      }
      return worlds
    }

    private mutating func step(_ lane: Int) {
      switch lanes[lane] {
      case .idle: break
      case .choosing:
        let stage = scheduler.next(lane: lane, now: 0)
        lanes[lane] = stage.map { .looking(stage: $0) } ?? .idle
      case .looking(stage: 0):
        if unread == 0 {
          lanes[lane] = .ending(stage: 0, .finished)
        } else if waiting == capacity {
          lanes[lane] = .ending(stage: 0, .blocked)
        } else {
          unread -= 1
          waiting += 1
          lanes[lane] = .signalling(to: 1, from: 0)
        }
      case .looking:
        if waiting == 0 {
          lanes[lane] = .ending(stage: 1, .starved)
        } else if buffers == 0 {
          lanes[lane] = .ending(stage: 1, .blocked)
        } else {
          waiting -= 1
          buffers -= 1
          published += 1
          delivered += 1
          lanes[lane] = .signalling(to: 0, from: 1)
        }
      case .signalling(let to, let from):
        signal(to)
        // The slice may be over or go on; both happen, since the other one is reached through `.again`.
        lanes[lane] = unread % 2 == 0 ? .looking(stage: from) : .ending(stage: from, .again)
      case .ending(let stage, let result):
        scheduler.end(stage, result, now: 0)
        lanes[lane] = .choosing
      }
    }
  }

  private func explore(_ start: World, atRest: (World) -> Void) -> Int {
    var seen: Set<String> = [start.key]
    var open = [start]
    while let world = open.popLast() {
      let successors = world.successors
      if successors.isEmpty { atRest(world) }
      for next in successors where seen.insert(next.key).inserted { open.append(next) }
    }
    return seen.count
  }

  private func world(samples: Int, lanes: Int, concurrency: Int, capacity: Int, buffers: Int, mayStop: Bool) -> World {
    var world = World(
      unread: samples, capacity: capacity, buffers: buffers, lanes: Array(repeating: .idle, count: lanes),
      mayStop: mayStop, scheduler: SchedulerState(concurrency: [1, concurrency], lanes: lanes, now: 0))
    world.signal(0)
    return world
  }

  @Test(arguments: [1, 2], [1, 2])
  func inNoInterleavingIsASignalLost(lanes: Int, concurrency: Int) {
    for (capacity, buffers) in [(1, 1), (1, 2), (2, 1)] {
      let start = world(
        samples: 3, lanes: lanes, concurrency: concurrency, capacity: capacity, buffers: buffers, mayStop: false)
      var ends = 0
      let count = explore(start) { world in
        ends += 1
        #expect(world.delivered == 3, "came to rest with work left: \(world.key)")
        #expect(world.lanes.allSatisfy { $0 == .idle })
      }
      #expect(ends > 0)
      #expect(count > 50)
    }
  }

  @Test(arguments: [1, 2], [1, 2])
  func inEveryInterleavingAStopComesToRest(lanes: Int, concurrency: Int) {
    let start = world(samples: 2, lanes: lanes, concurrency: concurrency, capacity: 1, buffers: 1, mayStop: true)
    _ = explore(start) { world in
      #expect(world.hasStopped && world.scheduler.isAtRest, "\(world.key)")
    }
  }
}
