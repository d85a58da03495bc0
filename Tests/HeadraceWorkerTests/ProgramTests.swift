import Testing

extension WorkerFaults {
  /// Loaders that are programs of their own.
  @Suite struct Programs {
    /// What fails, its code, and a part of what is said of it.
    static let faults = [
      ("missing", "notFound", "There is no loader program /nowhere/loader"),
      ("name", "notFound", "There is no pipeline \"other\" of /proc/self/exe; it has \"served\""),
      ("values", "invalidArgument", "could not be decoded in the worker"),
      ("key", "invalidArgument", "lack the key \"ordering\". Give all of its keys: a default value"),
      ("json", "invalidArgument", "could not be decoded in the worker"),
      ("ends", "systemCall", "The loader program true exited with status 0 without an answer"),
      ("silent", "timedOut", "has taken more than 0.5 seconds to make the pipeline of"),
      ("error", "notFound", "There is no data set 7."),
      ("plainError", "invalidPipeline", "ServedPipeline.makePipeline() has failed."),
      ("trap", "workerDied", "while it made the pipeline of \"served\" of /proc/self/exe"),
      ("hang", "timedOut", "has taken more than 0.5 seconds to make the pipeline of"),
    ]

    @Test(arguments: faults)
    func aStartThatFailsSaysWhyAndTheNextOneWorks(fault: (name: String, code: String, message: String)) throws {
      let output = try Fixture.run("program-refused", fault.name)
      #expect(output["code"] == fault.code)
      #expect(output["message"].contains(fault.message))
      #expect(output["next"] == "true")
    }

    /// Room for the program, and none for the ring of the process that starts it; and the other way round.
    @Test(arguments: [
      ("ring", "The ring could not be made."),
      ("pool", "The worker could not share memory with the processes of its pool."),
    ])
    func whatIsRefusedForWantOfFilesIsNotTheProgramsFault(what: String, message: String) throws {
      let output = try Fixture.run("program-limits", what)
      #expect(output["code"] == "systemCall")
      #expect(output["message"].hasPrefix(message), "\(output.text)")
    }

    @Test func aProgramHasTheFilesThatItNeedsAndDefaultSignals() throws {
      let output = try Fixture.run("program-streams")
      #expect(output["inherits"] == "true")
      #expect(output["method"] == "program")
      #expect(output["null_files"] == "0")
      #expect(output["signals"] == "0")
    }
  }
}
