/// The next event first: a binary heap, written out for its speed in debug builds.
struct EventHeap {
  struct Event {
    var time: Double
    var stage: Int
    var call: SimulatedCall
  }

  private(set) var count = 0
  /// Infinite if there is no event.
  private(set) var firstTime = Double.infinity
  private var events: [Event] = []

  mutating func insert(_ event: Event) {
    var child = count
    events.append(event)
    count += 1
    while child > 0 {
      let parent = (child - 1) / 2
      if events[parent].time <= event.time { break }
      events[child] = events[parent]
      child = parent
    }
    events[child] = event
    firstTime = events[0].time
  }

  mutating func removeFirst() -> Event {
    let first = events[0]
    let last = events.removeLast()
    count -= 1
    guard count > 0 else {
      firstTime = .infinity
      return first
    }
    var parent = 0
    var child = 1
    while child < count {
      if child + 1 < count, events[child + 1].time < events[child].time { child += 1 }
      if events[child].time >= last.time { break }
      events[parent] = events[child]
      parent = child
      child = 2 * parent + 1
    }
    events[parent] = last
    firstTime = events[0].time
    return first
  }
}
