import Glibc
import HeadraceSystem
import Testing

extension WorkerFaults {
  /// Loaders in a control group of their own, for real.
  ///
  /// Where this machine does not permit one, the test says so and is skipped.
  @Suite struct Groups {
    private static let isPermitted =
      (try? Fixture("group", "fork", "0", "end").finish())?.values("refused").isEmpty ?? true

    /// What is so in each of them, until it ends.
    private func check(_ output: FixtureOutput, workers: Int) {
      let group = output["worker"]
      #expect(group.contains("/headrace-"))
      #expect(output["next_worker"] == group)
      #expect(output.values("pool") == Array(repeating: group, count: workers))
      #expect(output["supervisor"] == output["trainer"] && output["trainer"] != group)
      #expect(output.values("cpu.weight") == ["25"] || output.values("cpu.shares") == ["256"])
    }

    private func isThere(_ folder: String) -> Bool { (try? FileSystem.kind(of: folder)) != .missing }

    @Test(
      .enabled(if: isPermitted, "no control group of processors can be made here"), arguments: ["fork", "fork-server"],
      [0, 2])
    func theLoadersProcessesAreInItAndItGoesWithThem(method: String, workers: Int) throws {
      for how in ["end", "supervisor"] {
        let output = try Fixture.run("group", method, "\(workers)", how)
        check(output, workers: workers)
        #expect(output.values("code") == (how == "end" ? [] : ["workerDied"]))
        #expect(!isThere(output["folder"]), "after \(how)")
      }
    }

    @Test(
      .enabled(if: isPermitted, "no control group of processors can be made here"), arguments: ["fork", "fork-server"],
      [SIGKILL, SIGTERM])
    func itGoesWhereTheTrainerIsKilled(method: String, signal: Int32) throws {
      let fixture = try Fixture("group", method, "2", "wait")
      _ = try fixture.waitForLine("ready")
      kill(fixture.processID, signal)
      let output = try fixture.finish()
      check(output, workers: 2)
      #expect(!isThere(output["folder"]))
    }

    @Test(.enabled(if: isPermitted, "no control group of processors can be made here"))
    func whereAllAreKilledAtOnceTheNextLoaderRemovesIt() throws {
      let fixture = try Fixture("group", "fork", "0", "wait")
      _ = try fixture.waitForLine("ready")
      killpg(fixture.processID, SIGKILL)
      let output = try fixture.finish()
      _ = try Fixture.run("group", "fork", "0", "end")
      #expect(!isThere(output["folder"]))
    }

    /// Two programs of the trainer's group want both processors of a small machine.
    @Test(
      .enabled(
        if: isPermitted && ProcessorAffinity.allowed.count <= 2,
        "no control group of processors can be made here, or two programs do not keep this machine busy"))
    func aGroupOfLowWeightGetsLittleOfWhatTheTrainersWants() throws {
      let output = try Fixture.run("isolation-beside", "group")
      print("loader of group weight 10 beside two busy programs: \(output["share"]) of their time and its own")
      // At equal rank it is half, by the weights an eleventh.
      #expect((0.01..<0.4).contains(output.number("share")))
    }

    @Test func whereItIsNotPermittedItIsAnErrorThatSaysWhatToDo() throws {
      let output = try Fixture.run("group-refused")
      #expect(
        output.values("message")[0..<3]
          == ["0", "-1", "10001"].map {
            "groupWeight: \($0) is not possible; it must be 1 to 10000."
          }[...])
      guard output.values("refused").isEmpty else { return }
      #expect(Set(output.values("code")) == ["invalidArgument"])
      #expect(output["permitted"] == "false")
      let message = output.values("message")[3]
      #expect(message.hasPrefix("groupWeight: 25 is not p"))
      #expect(message.contains("leave groupWeight out") || message.contains("Leave it out"))
    }
  }
}
