import Testing

@testable import HeadracePipeline

@Suite struct OpenGroupsTests {
  private func item(_ value: Int) -> Item { Item(position: value, label: nil, value: value) }

  private enum Action: Hashable {
    case add(Int)
    case close(Int)
    case closeOldest
  }

  @Test func theOldestIsTheOneBegunFirstWhateverWasClosed() throws {
    let actions: [Action] = [.add(0), .add(1), .add(2), .close(0), .close(1), .close(2), .closeOldest]
    withEverySequence(of: actions, upTo: 5) { actions in
      var groups = OpenGroups()
      var model: [(key: Int, positions: [Int], beginning: UInt64)] = []
      for (time, action) in actions.enumerated() {
        var closed: ItemGroup?
        var expected: [Int]?
        switch action {
        case .add(let key):
          let place = model.firstIndex { $0.key == key } ?? model.count
          if place == model.count { model.append((key, [], UInt64(time))) }
          model[place].positions.append(time)
          let count = groups.add(item(time), key: GroupKey(key), now: UInt64(time))
          if count != model[place].positions.count { Issue.record("\(actions): \(count) in a group") }
        case .close(let key):
          guard let place = model.firstIndex(where: { $0.key == key }) else { continue }
          expected = model.remove(at: place).positions
          closed = groups.close(GroupKey(key))
        case .closeOldest:
          expected = model.isEmpty ? nil : model.removeFirst().positions
          closed = groups.closeOldest()
        }
        if closed?.items.map(\.position) != expected { Issue.record("\(actions): wrong group") }
        if groups.oldestBeginning != model.first?.beginning { Issue.record("\(actions): wrong oldest") }
        if groups.count != model.count { Issue.record("\(actions): \(groups.count) groups") }
      }
    }
  }

  @Test func groupsThatComeAndGoBehindAnOldOneAreForgotten() {
    var groups = OpenGroups()
    _ = groups.add(item(0), key: GroupKey("old"), now: 0)
    for number in 1...1000 {
      _ = groups.add(item(number), key: GroupKey(number), now: UInt64(number))
      _ = groups.close(GroupKey(number))
      #expect(groups.rememberedCount <= 10)
    }
    #expect(groups.closeOldest()?.items.map(\.position) == [0])
    #expect(groups.closeOldest()?.items.count == nil)
  }
}
