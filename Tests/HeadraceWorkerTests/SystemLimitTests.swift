import Testing

extension WorkerFaults {
  /// The system gives less than a loader needs, for real: control groups, a namespace, limits of a user.
  ///
  /// Where this machine does not permit to set a limit, the test says so and is skipped.
  @Suite struct SystemLimits {
    /// Whether the fixture can set a limit here.
    private static func permits(_ scenario: String...) -> Bool {
      (try? Fixture(scenario).finish())?.values("refused").isEmpty ?? true
    }

    @Test(.enabled(if: permits("limit-shm"), "no mount namespace can be made here"))
    func aRingLargerThanSharedMemoryRuns() throws {
      let output = try Fixture.run("limit-shm")
      #expect(output["shm_bytes"] == "\(64 << 20)")
      #expect(output["samples"] == "8")
    }

    @Test(.enabled(if: permits("limit-processes", "user", "fork"), "only root can become a user who has no process"))
    func underAnyLimitOnAUsersProcessesALoaderRunsOrSaysWhichLimit() throws {
      try expectRunsOrNames(Fixture.run("limit-processes", "user", "fork"), count: 15, limit: "limit")
    }

    @Test(
      .enabled(if: permits("limit-processes", "group", "fork"), "no control group of pids can be made here"),
      arguments: ["fork", "fork-server"])
    func underAnyLimitOnAGroupsProcessesALoaderRunsOrSaysWhichLimit(method: String) throws {
      try expectRunsOrNames(Fixture.run("limit-processes", "group", method), count: 15, limit: "limit on pids")
    }

    @Test(arguments: ["fork", "fork-server"])
    func underAnyLimitOnOpenFilesALoaderRunsOrSaysWhichLimit(method: String) throws {
      try expectRunsOrNames(Fixture.run("limit-descriptors", method), count: 42, limit: "ulimit -n")
    }

    private func expectRunsOrNames(_ output: FixtureOutput, count: Int, limit: String) throws {
      let outcomes = output.values("outcome")
      #expect(outcomes.count == count)
      for outcome in outcomes where !outcome.hasSuffix(" 100 samples") {
        let code = outcome.split(separator: " ").dropFirst().first
        #expect(code == "systemCall" && outcome.contains(limit), "\(outcome)")
      }
      // Where one is enough, so is each that is higher.
      #expect(
        outcomes.drop { !$0.hasSuffix(" 100 samples") }.allSatisfy { $0.hasSuffix(" 100 samples") }, "\(outcomes)")
      // The least limit is too low, the highest is none.
      #expect(outcomes.first?.hasSuffix(" 100 samples") == false)
      #expect(outcomes.last?.hasSuffix(" 100 samples") == true)
      #expect(Set(output.values("kept_descriptors")) == ["0"])
      #expect(output["kept_children"] == "0")
    }

    @Test(.enabled(if: permits("limit-memory"), "no control group of memory can be made here"))
    func aRingBeyondAControlGroupIsAnErrorAndNoKill() throws {
      let output = try Fixture.run("limit-memory")
      #expect(output["code"] == "outOfMemory")
      #expect(output["message"].hasPrefix("A ring of 4 slots of 33.6 MB needs 134 MB of memory and "))
      #expect(output["message"].hasSuffix(" MB are available; lower slots, BatchSpec.size or the tensors' shapes."))
      #expect(output["samples"] == "8", "one that the group has room for runs")
    }

    @Test(
      .enabled(if: permits("limit-memory-later"), "no control group of memory can be made here"), arguments: [0, 5])
    func whereAControlGroupIsFullLaterTheWorkerDiesAndNotTheTrainer(restarts: Int) throws {
      let output = try Fixture.run("limit-memory-later", "\(restarts)")
      #expect(output["code"] == (restarts == 0 ? "workerDied" : "sampleCrashed"))
      #expect(output["stage"] == "decode")
      #expect(output["sample"] == "sample 500")
      if restarts == 0 {
        #expect(output["cause"] == "was killed by signal 9 (SIGKILL)")
        #expect(output["message"].contains("the kernel was out of memory (see dmesg)"))
      }
      // Whole batches; a worker that takes the place of the first makes those that were not done yet.
      if restarts > 0 { #expect(output["samples"] == "500") }
      #expect(Int(output["samples"]).map { $0 <= 500 && $0 % 10 == 0 } == true)
      // More than the worker has: only its rank makes the kernel choose the other.
      #expect(output["own"] == "\(56 << 20)")
    }

    @Test(.enabled(if: permits("limit-processors"), "no control group of cpu can be made here"))
    func theQuotaOfAGroupAboveBoundsTheProcessors() throws {
      let output = try Fixture.run("limit-processors")
      #expect(output.number("before") >= 1)
      #expect(output["within"] == "1")
    }
  }
}
