import Glibc
import Headrace
import HeadraceSystem

/// Kills one party of a loader with two readers in each state of a slot.
enum ReaderDeathScenarios {
  /// `reader-deaths FOLDER SHARING VICTIM`: a line for each state.
  static func deaths(_ scenario: Scenario) throws {
    guard let sharing = Sharing(rawValue: scenario.text(1)),
      let victim = ReaderDeathCase.Victim(rawValue: scenario.text(2))
    else { return emit("unknown", scenario.arguments) }
    for state in ReaderDeathCase.State.allCases {
      guard let moment = ReaderDeathCase(sharing, state, victim) else { continue }
      do {
        emit("case", "\(state.rawValue): \(try run(moment, "\(scenario.text(0))/\(state.rawValue)") ?? "right")")
      } catch {
        emit("case", "\(state.rawValue): \(error)")
      }
    }
  }

  /// Returns what is wrong; nil: nothing.
  private static func run(_ moment: ReaderDeathCase, _ path: String) throws -> String? {
    let page = SharedPage()
    let trainer = try ReaderDeathParty.trainer(moment, path, page)
    let processes = try trainer.ask("processes").split(separator: " ").compactMap { Int32($0) }
    var readers = [try ReaderDeathParty.reader(0, path)]
    _ = try readers[0].ask("there")
    func addSecond() throws {
      readers.append(try ReaderDeathParty.reader(1, path))
      _ = try readers[1].ask("there")
    }
    if !moment.secondComesLate { try addSecond() }

    page[.go] = UInt64(moment.limits.passed)
    page[.reached] = UInt64(moment.limits.written)
    var got: [[Int]] = [[], []]
    for step in moment.steps {
      let word = try readers[step.place].ask(step.gives ? "give" : "take")
      if !step.gives, let number = Int(word) { got[step.place].append(number) }
    }
    _ = try trainer.ask("reached")
    if moment.secondComesLate { try addSecond() }
    // Where nothing is out they are killed, or see somebody die, in the middle of a wait.
    let areWaiting = moment.figures[0] == 0
    if areWaiting { for reader in readers { try reader.tell("rest") } }

    let victim =
      switch moment.victim {
      case .trainer: trainer.processID
      case .supervisor: processes[0]
      case .worker: processes[1]
      case .holder: readers[0].processID
      case .other: readers[1].processID
      }
    kill(victim, SIGKILL)
    try waitForEnd(of: victim)
    for word in [SharedPage.Word.go, .reached, .killedAt] { page[word] = .max }

    let living = readers.indices.filter { $0 != moment.dyingReader }
    if !areWaiting { for place in living { try readers[place].tell("rest") } }
    for place in living {
      for word in try readers[place].hear().split(separator: "|") {
        if let number = Int(word) {
          got[place].append(number)
        } else if moment.goesOn || !(word.hasPrefix("workerDied") && word.contains("has ended: the process that")) {
          return "place \(place): \(word)"
        }
      }
    }
    if let mistake = moment.mistake(in: got) { return mistake }
    if moment.goesOn {
      _ = try trainer.ask("given back")
      try trainer.tell("end")
    } else {
      for process in processes { try waitForEnd(of: process) }
    }
    for place in living { try readers[place].tell("end") }
    return nil
  }

  private static func waitForEnd(of process: Int32) throws {
    let deadline = MonotonicClock.now + 20_000_000_000
    while let state = Assassin.state(process), !["Z", "X"].contains(state) {
      guard MonotonicClock.now < deadline else { throw Mishap(description: "process \(process) stays") }
      sched_yield()
    }
  }
}
