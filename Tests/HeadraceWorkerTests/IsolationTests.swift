import HeadraceSystem
import Testing

extension WorkerFaults {
  @Suite struct Isolated {
    /// Niceness, policy as in sched.h, processors, and what is added for the out-of-memory killer.
    private struct Rank: Hashable {
      let niceness, policy, score: Int
      let processors: String

      init(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        niceness = words.first.flatMap { Int($0) } ?? -100
        policy = words.count > 1 ? Int(words[1]) ?? -1 : -1
        processors = words.count > 2 ? words[2] : ""
        score = words.count > 3 ? Int(words[3]) ?? -1 : -1
      }
    }

    @Test(arguments: ["fork", "fork-server"], ["none", "standard", "idle", "batch", "leaving", "processor"])
    func theWorkerAloneHasTheRankThatWasAskedForAndSoHasTheNext(method: String, kind: String) throws {
      // With one processor there is none to leave out.
      if ["processor", "leaving"].contains(kind), ProcessorAffinity.allowed.count < 2 { return }
      let output = try Fixture.run("isolation", method, kind)
      let trainer = Rank(output["trainer"])
      #expect(Rank(output["supervisor"]) == trainer)
      #expect(output.values("worker").count >= 4)
      #expect(output.values("next_worker").count >= 4)
      // The threads that clear pages and keep time too.
      var workers = Set((output.values("worker") + output.values("next_worker")).map(Rank.init))
      // Of the standard's threads those that work on samples may have come down to SCHED_IDLE.
      if kind == "standard" { workers = workers.filter { $0.policy != 5 } }
      #expect(workers.count == 1, "\(workers)")
      #expect(output.values("keeper_of_worker").count == (kind == "standard" ? 1 : 0))
      for keeper in output.values("keeper_of_worker") + output.values("keeper_of_next_worker") {
        #expect(kind == "standard" && Rank(keeper).niceness == trainer.niceness)
      }
      let worker = try #require(workers.first)
      switch kind {
      case "standard":
        #expect(worker.policy == trainer.policy && worker.niceness == min(19, trainer.niceness + 10))
        #expect(worker.score == min(1_000, trainer.score + 500))
      case "idle": #expect(worker.niceness == trainer.niceness && worker.policy == 5)
      case "batch": #expect(worker.niceness == min(19, trainer.niceness + 7) && worker.policy == 3)
      case "leaving": #expect(worker.processors != trainer.processors)
      case "processor":
        #expect(worker.policy == trainer.policy && worker.processors != trainer.processors)
        let numbers = worker.processors.split { ",-".contains($0) }
        #expect(!numbers.contains { $0 == output["last_processor"] })
      default: #expect(worker == trainer)
      }
      if !["processor", "leaving"].contains(kind) { #expect(worker.processors == trainer.processors) }
    }

    /// Two programs want both processors of a small machine, and all that the loader's two threads have of a larger
    /// one.
    @Test(.enabled(if: ProcessorAffinity.allowed.count <= 2, "two programs do not keep this machine busy"))
    func aLoaderThatIsWaitedForIsNotStarvedByOtherPrograms() throws {
      let output = try Fixture.run("isolation-beside", "standard")
      print("loader beside two busy programs, trainer waiting: \(output["share"]) of their time and its own")
      // Its niceness is worth a tenth of a processor that another wants; SCHED_IDLE would be worth a third of a
      // percent.
      #expect(output.number("share") > 0.02)
      #expect(output["hogs_run"] == "true")
    }

    private static let mayIdle = ThreadRank.mayLeaveIdle(niceness: 10)

    /// A sample that is at work when others come would take 300 times as long.
    @Test(
      .enabled(
        if: mayIdle && ProcessorAffinity.allowed.count <= 2,
        "the system lets no thread come back from SCHED_IDLE, or two programs do not keep this machine busy"))
    func whereOthersComeASampleThatIsAtWorkIsTakenOutOfIdle() throws {
      let output = try Fixture.run("isolation-beside", "idle")
      print("loader with long samples, idle when two busy programs come: \(output["share"]) of their time and its own")
      #expect(output.number("share") > 0.02)
      #expect(output["hogs_run"] == "true")
    }

    /// No privilege is needed: a lane that is to rank higher goes on in another thread.
    @Test(.enabled(if: ProcessorAffinity.allowed.count <= 2, "two programs do not keep this machine busy"))
    func whereTheTrainerWaitsBecauseOfOthersTheLoaderRanksHigherUntilItDoesNot() throws {
      let output = try Fixture.run("isolation-governed")
      // Before the others came it may have ranked lower still.
      let raised = output.values("raised").suffix(2)
      #expect(raised.count == 2)
      for (note, change) in zip(raised, ["niceness 10 -> 5: ", "niceness 5 -> 0: "]) {
        #expect(note.contains(change + "the trainer waited "))
      }
      #expect(output["raised_lanes"] == "[0, 0]")
      #expect(output["lowered"].contains("niceness 0 -> 5: the trainer has not waited for 3 s"))
      #expect(output["in_order"] == "true")
    }

    @Test(
      .enabled(if: mayIdle, "the system lets no thread come back from SCHED_IDLE"), arguments: ["fork", "fork-server"])
    func whileNobodyWaitsForThemTheThreadsThatWorkOnSamplesGetWhatIsLeft(method: String) throws {
      let output = try Fixture.run("isolation-idle", method)
      #expect(output["lowered"].contains("niceness 10 -> 20: "), "\(output.text)")
      #expect(output["policies"] == "[5, 5]")
      #expect(output["in_order"] == "true")
    }

    @Test(.enabled(if: keepsSlices, "this kernel has no turns of a length of one's own (Linux 6.12)"))
    func theThreadsThatWorkOnSamplesHaveLongTurns() throws {
      let output = try Fixture.run("isolation-slice")
      #expect(output["worker"] == "10000000")
      #expect(output.number("trainer") < 10_000_000)
    }

    private static var keepsSlices: Bool {
      let version = (SmallFile.read("/proc/sys/kernel/osrelease") ?? "").split { !$0.isNumber }.compactMap { Int($0) }
      return version.count > 1 && (version[0], version[1]) >= (6, 12)
    }

    @Test func ranksThatAreNotPossibleAreRefusedByName() throws {
      let output = try Fixture.run("isolation-refused")
      #expect(output.values("code") == Array(repeating: "invalidArgument", count: 9))
      let messages = output.values("message")
      #expect(messages[0] == "niceness: -1 is not possible; it must be 0 to 19.")
      #expect(messages[6] == "processors: .leaving(-1) is not possible; it must be 0 or more.")
      #expect(messages[7].hasPrefix("slice: ") && messages[7].hasSuffix(" is not possible; it must be 0.1 to 100 ms."))
      #expect(messages[8].hasPrefix("slice: "))
      #expect(messages[5] == "urgentNiceness: 6 is not possible; it must be 0 to 5, which is niceness.")
      for message in messages[2..<5] { #expect(message.contains("leaves the worker none")) }
    }
  }
}
