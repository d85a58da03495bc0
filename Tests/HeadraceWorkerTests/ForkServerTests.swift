import Glibc
import HeadraceTestSupport
import Testing

extension WorkerFaults {
  /// Loaders that are started by request, for a process that is warm by then.
  @Suite struct ServedLoaders {
    @Test func everyStartMethodGivesTheSame() throws {
      let outputs = try ["fork", "fork-server", "program", "same-process"].map {
        try ($0, Fixture.run("served-digest", $0))
      }
      for (method, output) in outputs {
        #expect(output["method"] == method)
        #expect(output["is_child"] == (method == "same-process" ? "false" : "true"))
        for key in ["digest", "left_out", "tuning"] { #expect(output[key] == outputs[0].1[key], "\(method)") }
      }
    }

    /// What fails, its code, and a part of what is said of it.
    static let faults = [
      ("error", "notFound", "There is no data set 7."),
      ("plainError", "invalidPipeline", "ServedPipeline.makePipeline() has failed."),
      ("trap", "workerDied", "while it made the pipeline of ServedPipeline"),
      ("exit", "workerDied", "exited with status 3 while it made the pipeline of ServedPipeline"),
      ("hang", "timedOut", "has taken more than 0.5 seconds to make the pipeline of ServedPipeline"),
      ("invalid", "invalidPipeline", "A stage's name must have 1 to 39 bytes"),
      ("hidden", "invalidArgument", "HiddenPipeline cannot be found by its name"),
      ("unspeakable", "invalidArgument", "UnspeakablePipeline cannot be encoded"),
      ("small", "batchTooLarge", "A slot holds 10 bytes"),
      ("memory", "outOfMemory", "lower slots"), ("later", "outOfMemory", "lower slots"),
      ("threads", "invalidArgument", "1000 threads are not possible"),
    ]

    @Test(arguments: faults)
    func aStartThatFailsSaysWhyAndTheNextOneWorks(fault: (name: String, code: String, message: String)) throws {
      let output = try Fixture.run("served-refused", fault.name)
      #expect(output["code"] == fault.code)
      #expect(output["message"].contains(fault.message))
      #expect(output["samples"] == "100")
      // Others may be on their way out still; here it is told once they have gone.
      if fault.name == "later" { #expect(output["left"] == "0") }
    }

    @Test func aServerThatIsKilledTakesNoLoaderAlongAndIsNamedAtTheNextStart() throws {
      let output = try Fixture.run("served-killed", "server")
      #expect(output["samples"] == "all")
      #expect(output["next"] == "systemCall")
      #expect(output["next_message"].contains("was killed by signal 9 (SIGKILL). Loaders that run go on"))
    }

    @Test func aSupervisorThatIsKilledTakesItsWorkerAlongAndNoOther() throws {
      let output = try Fixture.run("served-killed", "supervisor")
      #expect(output["code"] == "workerDied")
      #expect(output["message"].hasPrefix("The supervisor (process "))
      #expect(output["message"].contains(") ended, and the worker (process "))
      #expect(output["message"].contains(". Somebody has killed it, or it could not go on: look at the limits on"))
      #expect(output["next"] == "true")
    }

    /// After the 10 s in which it might have ended by itself.
    @Test func aSupervisorThatIsStoppedIsEndedWithItsLoader() throws {
      let state = try Fixture.run("served-killed", "stopped")["state"]
      #expect(["gone", "Z", "X"].contains(state), "\(state)")
    }

    @Test func aFactoryThatMakesAnotherPipelineForTheNextWorkerIsRefused() throws {
      let output = try Fixture.run("served-killed", "worker-changing")
      #expect(output["code"] == "invalidPipeline")
      #expect(output["message"].contains("What it makes must depend on its values alone."))
      #expect(output["next"] == "true")
    }

    @Test func twoHundredLoadersOfFourThreadsLeaveNothingBehind() throws {
      let output = try Fixture.run("served-many", "200", "4")
      #expect(output.values("taken").sorted() == (0..<4).map { "\($0) 500" })
      #expect(output["grandchildren"] == "0")
      #expect(output["late_server_threads"] == "1")
      for process in ["server", "trainer"] {
        #expect(output["late_\(process)_descriptors"] == output["early_\(process)_descriptors"], "\(process)")
        let early = output.number("early_\(process)_private_kib"), late = output.number("late_\(process)_private_kib")
        print("200 loaders by a server, \(process): \(early) KiB before, \(late) KiB at the end")
        // A thread of the trainer has an arena and a stack of its own; 200 leaks of a page would show.
        #expect(late < early + 4000, "\(process)")
      }
    }

    @Test func pathsOfAFactoryBeginInTheFolderOfTheMoment() throws {
      let folder = try TemporaryFolder()
      try folder.write("images/a/one.png", [0])
      #expect(try Fixture.run("served-directory", folder.path, "images")["next"] == "true")
    }

    @Test(arguments: ["fork", "fork-server", "program"], [SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGUSR1, SIGUSR2])
    func aSignalOfTheWholeGroupThatTheTrainerHandlesLeavesItsLoaderAlone(method: String, signal: Int32) throws {
      let output = try Fixture.run("served-interrupt", method, "\(signal)")
      #expect(output["samples"] == "all")
      #expect(output["restarts"] == "0")
    }

    @Test func aWarmProcessOfManyBytesStartsAWorkerFromTheServerOnly() throws {
      let output = try Fixture.run("served-start", "512")
      #expect(output["direct"] == "forkUnsafe")
      #expect(output["message"].contains("Headrace.bootstrap()"))
      #expect(output.values("first_ms").count == 5)
    }
  }
}
