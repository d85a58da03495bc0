import HeadraceCore
import HeadracePipeline

extension GraphStage {
  /// What this stage makes of all that comes to it: plain loops, written from what the documentation says.
  func modelled(_ input: ModelStream, epoch: Int) -> ModelStream {
    switch kind {
    case .map, .asyncMap: return each(input) { rule.fails($0.digest) ? nil : [$0.changed(by: rule.salt)] }
    case .compactMap:
      return each(input) { value in
        if rule.fails(value.digest) { return nil }
        return rule.choice(value.digest, below: 4) == 0 ? [] : [value.changed(by: rule.salt)]
      }
    case .filter:
      return each(input) { value in
        if rule.fails(value.digest) { return nil }
        return rule.choice(value.digest, below: 4) == 0 ? [] : [value]
      }
    case .tap: return each(input) { rule.fails($0.digest) ? nil : [$0] }
    case .flatMap: return expanded(input)
    case .microBatch(let count), .asyncMicroBatch(let count): return inCalls(of: count, input)
    case .take(let count): return first(count, input)
    case .skip(let count): return withoutFirst(count, input)
    case .shuffle(let size): return shuffled(size, input, epoch)
    case .group(let count, let partial): return grouped(count, partial, input)
    case .unbatch: return opened(input)
    case .aggregate(let count): return aggregated(count, input)
    case .prefetch: return input
    case .repeat, .interleave, .merge, .zip, .route:
      preconditionFailure("\(kind) is more than what comes to it")
    }
  }

  // MARK: Each sample by itself

  /// - Parameter make: the values of a sample; nil if it fails.
  private func each(_ input: ModelStream, _ make: (ModelValue) -> [ModelValue]?) -> ModelStream {
    var counter = ModelCounter(self)
    for event in input.events {
      guard case .item(let position, let value) = event else {
        counter.add(event)
        continue
      }
      if let values = make(value) {
        counter.pass(position, values)
      } else if !counter.fail(position) {
        break
      }
    }
    return counter.ended(as: input)
  }

  private func expanded(_ input: ModelStream) -> ModelStream {
    var counter = ModelCounter(self)
    for event in input.events {
      guard case .item(let position, let value) = event else {
        counter.add(event)
        continue
      }
      let count = GraphReader<Int>.count(value.digest, rule)
      let values = count == 0 ? [] : (1...count).map { value.changed(by: $0) }
      if rule.fails(value.digest) {
        for value in values { counter.add(.item(position: position, value)) }
        if !counter.fail(position) { break }
      } else {
        counter.pass(position, values)
      }
    }
    return counter.ended(as: input)
  }

  // MARK: Several samples

  private func inCalls(of count: Int, _ input: ModelStream) -> ModelStream {
    var counter = ModelCounter(self)
    var group: [(position: Int, value: ModelValue)] = []
    func call() -> Bool {
      defer { group = [] }
      let fails = rule.fails(group.map(\.value).digest)
      for (position, value) in group {
        if !fails {
          counter.pass(position, [value.changed(by: rule.salt)])
        } else if !counter.fail(position) {
          return false
        }
      }
      return true
    }
    for event in input.events {
      guard case .item(let position, let value) = event else {
        counter.add(event)
        continue
      }
      group.append((position, value))
      if group.count == count, !call() { return counter.ended(as: input) }
    }
    if !group.isEmpty, input.error == nil { _ = call() }
    return counter.ended(as: input)
  }

  private func aggregated(_ limit: Int, _ input: ModelStream) -> ModelStream {
    var counter = ModelCounter(self)
    var group: [(position: Int, value: ModelValue)] = []
    // With nothing left, a `flush` that fails is laid to where the last value began.
    func sum() -> Int { group.reduce(0) { $0 &+ $1.value.digest } }
    func complete() {
      guard let last = group.last else { return }
      counter.add(.item(position: group[0].position, last.value.changed(by: sum() & 0xFFFF)))
      group = []
    }
    for event in input.events {
      guard case .item(let position, let value) = event else {
        counter.add(event)
        continue
      }
      if rule.fails(value.digest) {
        if !counter.fail(position) { return counter.ended(as: input) }
        continue
      }
      counter.pass(position, [])
      group.append((position, value))
      if group.count == limit || rule.choice(sum(), below: 7) == 0 { complete() }
    }
    if input.error == nil, !group.isEmpty {
      if rule.fails(sum()) { _ = counter.fail(group[0].position, passed: true) } else { complete() }
    }
    return counter.ended(as: input)
  }

  private func grouped(_ count: Int, _ partial: PartialGroup, _ input: ModelStream) -> ModelStream {
    var output = ModelStream(error: input.error)
    var group: [(position: Int, value: ModelValue)] = []
    func complete() {
      output.events.append(.item(position: group[0].position, .list(group.map(\.value))))
      group = []
    }
    for event in input.events {
      guard case .item(let position, let value) = event else {
        output.events.append(event)
        continue
      }
      group.append((position, value))
      if group.count == count { complete() }
    }
    if !group.isEmpty, partial == .emit, input.error == nil { complete() }
    return output
  }

  // MARK: Order and number

  private func opened(_ input: ModelStream) -> ModelStream {
    var output = ModelStream(error: input.error)
    for event in input.events {
      if case .item(let position, .list(let values)) = event {
        output.events += values.map { .item(position: position, $0) }
      } else {
        output.events.append(event)
      }
    }
    return output
  }

  private func first(_ count: Int, _ input: ModelStream) -> ModelStream {
    var output = ModelStream()
    var left = count
    for event in input.events {
      if left == 0 { return output }
      if case .item = event { left -= 1 }
      output.events.append(event)
    }
    if left > 0 { output.error = input.error }
    return output
  }

  private func withoutFirst(_ count: Int, _ input: ModelStream) -> ModelStream {
    var left = count
    var output = ModelStream(error: input.error)
    output.events = input.events.filter { event in
      guard case .item = event, left > 0 else { return true }
      left -= 1
      return false
    }
    return output
  }

  private func shuffled(_ size: Int, _ input: ModelStream, _ epoch: Int) -> ModelStream {
    let random = CounterRandom(seed: seed, epoch: epoch, stage: name)
    var output = ModelStream(error: input.error)
    var kept: [ModelStream.Event] = []
    var departures = 0
    func leaves() -> Int {
      departures += 1
      return random.number(below: kept.count, at: departures - 1)
    }
    for event in input.events {
      guard case .item = event else {
        output.events.append(event)
        continue
      }
      if kept.count < size {
        kept.append(event)
      } else {
        let place = leaves()
        output.events.append(kept[place])
        kept[place] = event
      }
    }
    guard input.error == nil else { return output }
    while !kept.isEmpty {
      let place = leaves()
      kept.swapAt(place, kept.count - 1)
      output.events.append(kept.removeLast())
    }
    return output
  }
}
