import Headrace

/// One moment at which one party of a loader with two readers is killed.
struct ReaderDeathCase: CustomStringConvertible {
  /// What the slot of the first message is, and who has to do with it.
  enum State: String, CaseIterable {
    case free, claimed
    case wantedByOne = "wanted-by-one"
    case wantedBySeveral = "wanted-by-several"
    case heldByOne = "held-by-one"
    case heldBySeveral = "held-by-several"
    case returnedPartly = "returned-partly"
    case endOfEpoch = "end-of-epoch"
    case endTakenByOne = "end-taken-by-one"
  }

  enum Victim: String, CaseIterable {
    case trainer, supervisor, worker
    case holder, other
  }

  let sharing: Sharing
  let state: State
  let victim: Victim

  static let batchesPerEpoch = 4
  static let epochs = 2

  var description: String { "\(sharing.rawValue) \(state.rawValue) \(victim.rawValue)" }

  /// Nil where the sharing knows no such state.
  init?(_ sharing: Sharing, _ state: State, _ victim: Victim) {
    switch state {
    case .wantedBySeveral where sharing == .partition: return nil
    // With partition and first come nobody else has what somebody has taken.
    case .heldBySeveral where sharing != .broadcast, .returnedPartly where sharing != .broadcast: return nil
    default: break
    }
    (self.sharing, self.state, self.victim) = (sharing, state, victim)
  }

  /// The place of the reader that is killed; nil: another party is.
  var dyingReader: Int? {
    switch victim {
    case .holder: 0
    case .other: 1
    case .trainer, .supervisor, .worker: nil
    }
  }

  /// Whether the loader goes on without the victim.
  var goesOn: Bool { victim != .trainer && victim != .supervisor }

  /// Only one is there to want it: the other comes when it has been published.
  var secondComesLate: Bool { sharing == .firstCome && state == .wantedByOne }

  /// Samples that may be read, and those that may be written, in the epoch.
  var limits: (passed: Int, written: Int) {
    switch state {
    case .free: (0, 0)
    case .claimed: (10, 5)
    case .endOfEpoch, .endTakenByOne: (40, 40)
    default: (10, 10)
    }
  }

  /// What readers do before the kill, by place: each takes a message, or gives back the one that it has had for
  /// longest.
  var steps: [(place: Int, gives: Bool)] {
    switch state {
    case .free, .claimed, .wantedBySeveral: []
    case .wantedByOne: sharing == .broadcast ? [(1, false), (1, true)] : []
    case .heldByOne: [(0, false)]
    case .heldBySeveral: [(0, false), (1, false)]
    case .returnedPartly: [(0, false), (1, false), (1, true)]
    case .endOfEpoch: epoch
    case .endTakenByOne: epoch + [(0, false)]
    }
  }

  /// All batches of the epoch, given back.
  private var epoch: [(place: Int, gives: Bool)] {
    (0..<Self.batchesPerEpoch).flatMap { number -> [(place: Int, gives: Bool)] in
      let places =
        switch sharing {
        case .broadcast: [0, 1]
        case .partition: [number % 2]
        case .firstCome: [0]
        }
      return places.flatMap { [($0, false), ($0, true)] }
    }
  }

  /// How the ring is then: messages that are out, slots in use, slots that each reader holds.
  var figures: [Int] {
    switch state {
    case .free: [0, 0, 0, 0]
    case .claimed: [0, 1, 0, 0]
    case .wantedByOne, .wantedBySeveral: [1, 1, 0, 0]
    case .heldByOne, .returnedPartly: [1, 1, 1, 0]
    case .heldBySeveral: [1, 1, 1, 1]
    case .endOfEpoch, .endTakenByOne: [Self.batchesPerEpoch + 1, 1, 0, 0]
    }
  }

  /// With partition what the dead reader had not taken may come behind later batches of its epoch.
  private func isInOrder(_ numbers: [Int]) -> Bool {
    let mayComeLater = sharing == .partition && dyingReader != nil
    let times = mayComeLater ? numbers.map { $0 / Self.batchesPerEpoch } : numbers
    return times == times.sorted()
  }

  /// What is wrong with the batches that came to the readers; nil: nothing.
  ///
  /// - Parameter got: by place, of both epochs, by number.
  func mistake(in got: [[Int]]) -> String? {
    let all = Array(0..<Self.batchesPerEpoch * Self.epochs)
    if let wrong = got.first(where: { Set($0).count < $0.count || !isInOrder($0) }) { return "\(wrong)" }
    if sharing != .broadcast, !Set(got[0]).isDisjoint(with: got[1]) { return "\(got) twice" }
    guard goesOn else {
      // What was out has come at least.
      let out = Set(0..<min(figures[0], Self.batchesPerEpoch))
      let came = sharing == .broadcast ? Set(got[0]).intersection(got[1]) : Set(got[0] + got[1])
      return out.isSubset(of: came) ? nil : "\(got) of \(out)"
    }
    switch sharing {
    case .broadcast:
      for (place, numbers) in got.enumerated() where place != dyingReader && numbers != all {
        return "place \(place): \(numbers)"
      }
    case .partition where dyingReader == nil:
      let shares = (0..<2).map { place in all.filter { $0 % 2 == place } }
      return got == shares ? nil : "\(got)"
    case .partition, .firstCome:
      return (got[0] + got[1]).sorted() == all ? nil : "\(got)"
    }
    return nil
  }
}
