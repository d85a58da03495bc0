import Testing

@testable import HeadracePipeline

@Suite struct GroupOperatorTests {
  private struct Settings {
    var maximum: Int
    var window: UInt64?
    var open = Int.max
    var partial = PartialGroup.emit
    var hasKey = false

    func makeOperator() -> GroupOperator {
      let key: @Sendable (AnySample) throws -> GroupKey = { sample in
        let kind = typed(sample, as: Int.self) % 10
        if kind == 9 { throw Mishap() }
        return GroupKey(kind)
      }
      return GroupOperator(
        maximum: maximum, window: window, maximumOpenGroups: open, partial: partial, key: hasKey ? key : nil)
    }
  }

  private struct Group {
    var key: Int
    var values: [Int]
    var beginning: UInt64

    var output: OperatorDriver.Output { .values(values, position: values[0] / 10) }
  }

  /// What left until now, and until when to wait: of a list of open groups, the oldest first.
  private static func model(_ history: OperatorDriver.History, _ settings: Settings) -> OperatorDriver.Expectation {
    var groups: [Group] = []
    var outputs: [OperatorDriver.Output] = []
    func closeDue(_ now: UInt64) {
      guard let window = settings.window else { return }
      while let first = groups.first, first.beginning + window <= now { outputs.append(groups.removeFirst().output) }
    }
    for input in history.inputs {
      closeDue(input.askedAt)
      guard let value = input.value else {
        outputs.append(.mark)
        continue
      }
      if settings.hasKey, input.isBad {
        outputs.append(.failed(position: value / 10))
        continue
      }
      closeDue(input.time)
      let key = settings.hasKey ? input.kind : 0
      let place = groups.firstIndex { $0.key == key } ?? groups.count
      if place == groups.count { groups.append(Group(key: key, values: [], beginning: input.time)) }
      groups[place].values.append(value)
      if groups[place].values.count == settings.maximum {
        outputs.append(groups.remove(at: place).output)
      } else if groups.count > settings.open {
        outputs.append(groups.removeFirst().output)
      }
    }
    closeDue(history.now)
    if history.hasEnded, settings.partial == .emit { outputs += groups.map(\.output) }
    return OperatorDriver.Expectation(
      outputs: outputs, deadline: settings.window.flatMap { window in groups.first.map { $0.beginning + window } })
  }

  private func check(
    _ settings: Settings, _ alphabet: [InputEvent], upTo length: Int,
    _ manners: [OperatorDriver.Manner] = [.init()]
  ) throws {
    try withEveryScript(of: alphabet, upTo: length) { script in
      let left = try OperatorDriver.play(script, manners, settings.makeOperator) { Self.model($0, settings) }
      #expect(left == 0)
    }
  }

  @Test(arguments: 1...4, [PartialGroup.emit, .drop])
  func groupsByNumberHoldTheItemsInOrder(_ maximum: Int, _ partial: PartialGroup) throws {
    try check(Settings(maximum: maximum, partial: partial), [.item(kind: 0), .mark], upTo: 8)
  }

  @Test(arguments: 1...3, 1...3)
  func groupsByKeyHoldItemsOfOneKeyAndTheOldestLeavesWhenThereAreTooMany(_ maximum: Int, _ open: Int) throws {
    let alphabet: [InputEvent] = [.item(kind: 0), .item(kind: 1), .item(kind: 2), .mark, .bad]
    try check(Settings(maximum: maximum, open: open, hasKey: true), alphabet, upTo: 5)
    try check(Settings(maximum: maximum, open: open, partial: .drop, hasKey: true), alphabet, upTo: 4)
  }

  @Test(arguments: 2...3, [0, 1, 2, 3])
  func aGroupLeavesWhenItsTimeIsUp(_ maximum: Int, _ window: UInt64) throws {
    for partial in [PartialGroup.emit, .drop] {
      try check(
        Settings(maximum: maximum, window: window, partial: partial),
        [.item(kind: 0), .mark, .pause(1), .pause(2)], upTo: partial == .emit ? 5 : 3, OperatorDriver.Manner.all)
    }
  }

  @Test(arguments: 1...2, [1, 2])
  func groupsByKeyLeaveWhenTheirTimeIsUp(_ open: Int, _ window: UInt64) throws {
    try check(
      Settings(maximum: 2, window: window, open: open, hasKey: true),
      [.item(kind: 0), .item(kind: 1), .bad, .pause(1)], upTo: 5, OperatorDriver.Manner.all)
  }

  @Test func aWindowWithoutEndIsNoTime() throws {
    var group = GroupOperator(maximum: 2, window: .max)
    try group.receive(Item(position: 0, label: nil, value: 0), from: 0, now: 5)
    guard case .take(.any, until: .max) = group.next(now: 6) else { return #expect(Bool(false)) }
  }
}
