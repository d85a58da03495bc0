import Dispatch
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

@Suite struct ChunkTests {
  typealias Numbers = Chunk<Int, String>

  /// Results by ticket, from whoever handed them on.
  private static func byTicket(_ results: [Numbers.Results]) -> [Int: [String]] {
    var found: [Int: [String]] = [:]
    for results in results {
      for (offset, output) in results.outputs.enumerated() {
        found[results.firstTicket + offset, default: []].append(output)
      }
    }
    return found
  }

  /// Relieves in the middle of each task, and after the end: every moment that another thread could choose.
  @Test func relievedAtAnyMomentEachTaskHasOneResultOrIsLeft() {
    for count in 1...5 {
      for moment in 0...count {
        let chunk = Numbers(firstTicket: 100, tasks: Array(0..<count))
        var results: [Numbers.Results] = []
        var rest: [Int] = []
        func relieve() {
          let (taken, left) = chunk.relieve()
          results.append(taken)
          #expect(left.tasks.isEmpty || left.firstTicket == 100 + left.tasks[left.tasks.startIndex])
          rest += left.tasks
        }
        var begun: [Int] = []
        let own = chunk.run { task, _ in
          begun.append(task)
          if task == moment {
            relieve()
            // A second time finds nothing.
            relieve()
          }
          return "\(task)"
        }
        if moment == count { relieve() }
        results.append(own)
        #expect(begun == Array(0...min(moment, count - 1)))
        #expect(rest == Array(begun.count..<count))
        #expect(Self.byTicket(results) == Dictionary(uniqueKeysWithValues: begun.map { (100 + $0, ["\($0)"]) }))
      }
    }
  }

  @Test func relievedBeforeItIsBegunTheLaneFindsNothing() {
    let chunk = Numbers(firstTicket: 7, tasks: [1, 2])
    let (results, rest) = chunk.relieve()
    #expect(results.outputs.isEmpty && rest.firstTicket == 7 && Array(rest.tasks) == [1, 2])
    let own = chunk.run { _, _ in
      Issue.record("a task that was taken away was begun")
      return ""
    }
    #expect(own.outputs.isEmpty)
  }

  @Test func stoppedAtAnyMomentWhatIsDoneIsHandedOnOnce() {
    for moment in 0..<4 {
      for isRelieved in [false, true] {
        let chunk = Numbers(firstTicket: 0, tasks: Array(0..<4))
        var results: [Numbers.Results] = []
        results.append(
          chunk.run { task, _ in
            guard task == moment else { return "\(task)" }
            if isRelieved { results.append(chunk.relieve().results) }
            return nil
          })
        #expect(
          Self.byTicket(results) == Dictionary(uniqueKeysWithValues: (0..<moment).map { ($0, ["\($0)"]) }))
        #expect(chunk.relieve().rest.tasks.isEmpty)
      }
    }
  }

  @Test func relievedByAnotherThreadAtAnyMomentEachTaskIsDoneOnce() {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let other = DispatchQueue(label: "other")
    for round in 0..<2_000 {
      let chunk = Chunk<Int, [Int]>(firstTicket: 0, tasks: Array(0..<64))
      let relief = Tally()
      let taken = Mutex<[Int]>([])
      let start = Tally()
      other.async {
        start.wait(for: 1 + round % 8)
        let (results, rest) = chunk.relieve()
        taken.withLock { $0 = results.outputs.flatMap(\.self) + rest.tasks }
        relief.add()
      }
      let own = chunk.run { task, _ in
        start.add()
        return [task]
      }
      start.add(8)
      relief.wait(for: 1)
      #expect((taken.withLock(\.self) + own.outputs.flatMap(\.self)).sorted() == Array(0..<64))
    }
  }
}
