import Glibc
import HeadraceSystem
import HeadraceTestSupport
import Testing

extension WorkerFaults {
  /// Many processes read one loader.
  @Suite struct ManyReaders {
    /// A loader for others, and where it is to be found.
    private final class Loader {
      let folder: TemporaryFolder
      let fixture: Fixture
      let perEpoch: Int
      let epochs: Int
      let samples: Int
      var path: String { folder.file("s") }

      init(
        readers: Int, _ sharing: String, epochs: Int = 2, batches: Int = 40, milliseconds: Int = 0, slots: Int = 8,
        alone: Bool = false, workers: Int = 0
      ) throws {
        folder = try TemporaryFolder()
        perEpoch = batches
        self.epochs = epochs
        samples = batches * 10
        fixture = try Fixture([
          "readers-serve", folder.file("s"), "\(readers)", sharing, "\(epochs)", "\(samples)", "\(milliseconds)",
          "\(slots)", alone ? "alone" : "together", "\(workers)",
        ])
        _ = try fixture.waitForLine("serving")
      }

      func reader(_ place: Int? = nil, _ mode: String = "plain", at batch: Int = -1) throws -> Fixture {
        try Fixture([
          "readers-read", path, place.map(String.init) ?? "any", "\(perEpoch)", mode, "\(batch)",
        ])
      }

      func finish() throws -> FixtureOutput {
        kill(fixture.processID, SIGUSR1)
        return try fixture.finish()
      }
    }

    /// Batches of each epoch, by number, as one reader has told.
    private func epochs(_ output: FixtureOutput) -> [[Int]] {
      output.values("epoch").map { line in
        line.split(separator: " ").dropFirst().first?.split(separator: ",").compactMap { Int($0) } ?? []
      }
    }

    @Test(arguments: ["broadcast", "partition", "first-come"], [2, 8])
    func eachByteIsDecodedOnceAndComesToWhomItShould(sharing: String, count: Int) throws {
      let loader = try Loader(readers: count, sharing)
      let readers = try (0..<count).map { try loader.reader($0) }
      let outputs = try readers.map { try $0.finish() }
      let whole = Array(0..<loader.perEpoch)
      for (place, output) in outputs.enumerated() {
        #expect(output["place"] == "\(place)" && output.values("wrong").isEmpty, "\(output.text)")
        let got = epochs(output)
        #expect(got.count == loader.epochs)
        switch sharing {
        case "broadcast": #expect(got == [whole, whole])
        case "partition":
          let share = whole.filter { $0 % count == place }
          #expect(got == [share, share])
        default: #expect(got.allSatisfy { $0 == $0.sorted() })
        }
      }
      if sharing == "first-come" {
        for epoch in 0..<loader.epochs {
          #expect(outputs.flatMap { epochs($0).dropFirst(epoch).first ?? [] }.sorted() == whole)
        }
      }
      let end = try loader.finish()
      #expect(end["calls"] == "\(loader.samples * loader.epochs)")
      #expect(end["held"] == "0" && end["there"] == "0" && end["restarts"] == "0")
      // 8 slots of 10 rows: the number of readers adds nothing but their entries.
      #expect(end.number("memory") < 500_000)
      #expect(!exists(loader.path))
    }

    /// A reader that is killed loses what it held and no more; where each batch is for one, others get its share.
    @Test(arguments: ["broadcast", "partition", "first-come"])
    func readersKilledAtRandomGiveAllLeasesBack(sharing: String) throws {
      let count = 8
      let loader = try Loader(readers: count, sharing, epochs: 2, batches: 200, milliseconds: 1, slots: 16)
      var random = SplitMix64(seed: 11)
      var readers = try (0..<count).map { try loader.reader($0) }
      var killed: [FixtureOutput] = []
      for _ in 0..<8 {
        let place = Int.random(in: 0..<(count - 1), using: &random)
        // Who comes first may come all the time.
        _ = try readers[place].waitForLine(sharing == "first-come" ? "place" : "took")
        usleep(UInt32.random(in: 0..<20_000, using: &random))
        kill(readers[place].processID, SIGKILL)
        killed.append(try readers[place].finish())
        readers[place] = try loader.reader(place)
      }
      let outputs = try readers.map { try $0.finish() }
      let all = outputs + killed
      for output in all { #expect(output.values("wrong").isEmpty, "\(output.text)") }
      let survivor = outputs[count - 1]
      switch sharing {
      case "broadcast": #expect(epochs(survivor) == Array(repeating: Array(0..<loader.perEpoch), count: 2))
      default:
        var taken: [String: Int] = [:]
        for line in all.flatMap({ $0.values("took") }) { taken[line, default: 0] += 1 }
        #expect(taken.values.allSatisfy { $0 == 1 })
        // Each of those that were killed can have held one that it had not told of.
        #expect(taken.count >= loader.perEpoch * 2 - killed.count, "\(taken.count)")
      }
      let end = try loader.finish()
      #expect(end["calls"] == "\(loader.samples * loader.epochs)")
      #expect(end["held"] == "0" && end["there"] == "0")
    }

    @Test func aReaderThatIsStoppedKeepsItsBatchWhileOthersGoOn() throws {
      let loader = try Loader(readers: 2, "first-come", epochs: 1, batches: 200)
      let stopped = try loader.reader(0, "stop", at: 1)
      let other = try loader.reader(1, "later")
      _ = try stopped.waitForLine("took")
      kill(other.processID, SIGUSR1)
      let rest = try other.finish()
      #expect(epochs(rest).first?.count == 199)
      kill(stopped.processID, SIGCONT)
      // What it held is as it was: it looks once more.
      let output = try stopped.finish()
      #expect(output.values("wrong").isEmpty && output.values("took").count == 1, "\(output.text)")
      #expect(try loader.finish()["held"] == "0")
    }

    /// Also where the process can open no file.
    @Test(arguments: ["keep", "keep-poor"])
    func aBatchOutlivesTheLoaderItWasTakenFromAndHoldsNobodyUp(mode: String) throws {
      let loader = try Loader(readers: 2, "partition", epochs: 1, batches: 100, slots: 4)
      let keeping = try loader.reader(0, mode)
      let other = try loader.reader(1)
      #expect(try keeping.waitForLine("took") == "0")
      // All but the one that is kept.
      #expect(epochs(try other.finish()) == [Array(1..<100)])
      kill(keeping.processID, SIGUSR1)
      #expect(try keeping.finish()["kept"] == "true")
      #expect(try loader.finish()["held"] == "0")
    }

    @Test func aReaderThatIsKilledGivesBackWhatItHeldThoughAChildOfItLivesOn() throws {
      let loader = try Loader(readers: 2, "first-come", epochs: 1, batches: 100, slots: 4)
      let forking = try loader.reader(0, "fork", at: 1)
      let other = try loader.reader(1, "later")
      _ = try forking.waitForLine("forked")
      kill(other.processID, SIGUSR1)
      kill(forking.processID, SIGKILL)
      #expect(try other.finish()["done"] == "99")
      let end = try loader.finish()
      #expect(end["held"] == "0" && end["there"] == "0")
      _ = try forking.finish()
    }

    @Test(arguments: ["fork", "fork-server"]) func theProcessThatStartsTheLoaderReadsToo(method: String) throws {
      let folder = try TemporaryFolder()
      let path = folder.file("s")
      let first = try Fixture(["readers-first", path, "3", "partition", "2", "300", method])
      let others = try (1..<3).map { try Fixture(["readers-read", path, "\($0)", "30"]) }
      for (place, output) in try ([first] + others).map({ try $0.finish() }).enumerated() {
        let share = Array(stride(from: place, to: 30, by: 3))
        #expect(epochs(output) == [share, share], "\(output.text)")
        if place == 0 { #expect(output["method"] == method) }
      }
      #expect(!exists(path))
    }

    @Test func whoComesLateBeginsWhereTheOthersAre() throws {
      let loader = try Loader(readers: 2, "broadcast", epochs: 3, batches: 100, milliseconds: 1, alone: true)
      let first = try loader.reader(0)
      _ = try first.waitForLine("took")
      let late = try loader.reader(1)
      let (all, some) = (try first.finish(), try late.finish())
      #expect(epochs(all) == Array(repeating: Array(0..<100), count: 3))
      let got = epochs(some)
      // The end of each epoch in which it has had a batch.
      #expect(got.last == Array(0..<100) && got.allSatisfy { $0 == Array((100 - $0.count)..<100) }, "\(got)")
      #expect(try loader.finish()["held"] == "0")
    }

    @Test func whatWasLeftByTheLastReaderComesToTheNext() throws {
      let loader = try Loader(readers: 2, "partition", epochs: 1, batches: 50, alone: true)
      let first = try loader.reader(0, "leave", at: 3).finish()
      #expect(first["left"] == "2")
      let second = try loader.reader(1).finish()
      #expect(epochs(second) == [Array(3..<50)])
      #expect(try loader.finish()["calls"] == "500")
    }

    @Test func oneThatSkipsTheRestOfItsEpochsHoldsNobodyUp() throws {
      let loader = try Loader(readers: 2, "broadcast", epochs: 3, batches: 60)
      let skipping = try loader.reader(0, "skip", at: 5)
      let other = try loader.reader(1).finish()
      #expect(epochs(other) == Array(repeating: Array(0..<60), count: 3))
      #expect(epochs(try skipping.finish()).last == Array(0..<60))
      #expect(try loader.finish()["held"] == "0")
    }

    @Test func aWorkerThatIsKilledIsReplacedForAll() throws {
      let loader = try Loader(readers: 3, "partition", epochs: 2, batches: 100, milliseconds: 1)
      let readers = try (0..<3).map { try loader.reader($0) }
      for reader in readers { _ = try reader.waitForLine("took") }
      kill(Int32(try loader.fixture.waitForLine("worker")) ?? 0, SIGKILL)
      for (place, reader) in readers.enumerated() {
        let share = Array(stride(from: place, to: 100, by: 3))
        #expect(epochs(try reader.finish()) == [share, share])
      }
      #expect(try loader.finish()["restarts"] == "1")
    }

    @Test(arguments: ["supervisor", "trainer"]) func whereTheLoaderIsKilledEveryReaderIsTold(who: String) throws {
      let loader = try Loader(readers: 2, "broadcast", epochs: 100, batches: 100, milliseconds: 1)
      let readers = try (0..<2).map { try loader.reader($0) }
      for reader in readers { _ = try reader.waitForLine("took") }
      let process = who == "trainer" ? loader.fixture.processID : Int32(try loader.fixture.waitForLine("serving")) ?? 0
      kill(process, SIGKILL)
      for reader in readers {
        let output = try reader.finish()
        #expect(output["uncaught"].contains("has ended: the process that started it"), "\(output.text)")
      }
    }

    @Test func whoWaitsInVainIsToldWhichReadersHaveAllSlots() throws {
      let loader = try Loader(readers: 2, "first-come", epochs: 1, slots: 4, alone: true)
      let hoarding = try loader.reader(0, "hoard-stop", at: 4)
      _ = try hoarding.waitForLine("held")
      let waiting = try Fixture.run("readers-refused", loader.path, "next")
      #expect(waiting["code"] == "timedOut")
      #expect(
        waiting["message"].contains(
          "readers have all 4 slots: place 0 (process \(hoarding.processID)) holds 4. Nothing"),
        "\(waiting.text)")
      kill(hoarding.processID, SIGKILL)
      _ = try hoarding.finish()
      #expect(try loader.finish()["held"] == "0")
    }

    // MARK: Refusals

    @Test func whatCannotBeAttachedToIsNamed() throws {
      let loader = try Loader(readers: 2, "broadcast", epochs: 1_000, milliseconds: 1)
      let readers = try (0..<2).map { try loader.reader($0) }
      for reader in readers { _ = try reader.waitForLine("took") }
      let full = try Fixture.run("readers-refused", loader.path, "attach")
      #expect(full["code"] == "limitExceeded")
      #expect(
        full["message"].contains("0 process \(readers[0].processID), 1 process \(readers[1].processID)"), "\(full.text)"
      )
      let taken = try Fixture.run("readers-refused", loader.path, "attach", "1")
      #expect(taken["message"].contains("1 process \(readers[1].processID)"))
      let none = try Fixture.run("readers-refused", loader.path, "attach", "2")
      #expect(none["code"] == "invalidArgument" && none["message"].contains("places 0 to 1; place 2 is none"))
      let busy = try Fixture.run("readers-refused", loader.path, "start")
      #expect(busy["code"] == "invalidArgument", "\(busy.text)")
      #expect(
        busy["message"].contains("A loader of process \(loader.fixture.processID) is to be found"), "\(busy.text)")
      #expect(try otherVersion(loader.path).contains("layout version"))
      let absent = try Fixture.run("readers-refused", loader.folder.file("absent"), "attach")
      #expect(absent["code"] == "notFound" && absent["message"].contains("There has been no loader"))
    }

    @Test func whatCannotBeStartedIsNamed() throws {
      let folder = try TemporaryFolder()
      let long = folder.file(String(repeating: "x", count: 108))
      let refusals = [
        ("count", folder.file("s"), "readers: 25 is not possible"), ("start", long, "may have 107; choose a shorter"),
        ("same-process", folder.file("s"), "leave placement out"), ("none", folder.file("s"), "attach to"),
        ("start", try folder.write("file"), "is no socket"),
        ("missing", folder.file("s"), "2 of 3 readers are missing"),
        ("warm", folder.file("s"), "can no longer be forked"),
      ]
      for (fault, path, text) in refusals {
        let output = try Fixture.run("readers-refused", path, fault)
        #expect(output["message"].contains(text), "\(fault): \(output.text)")
        #expect(output["left"] == (text == "is no socket" ? "a file" : "nothing"), "\(fault): \(output.text)")
      }
    }

    @Test func aSocketThatWasLeftByADeadLoaderIsTakenOver() throws {
      let loader = try Loader(readers: 2, "broadcast")
      kill(Int32(try loader.fixture.waitForLine("serving")) ?? 0, SIGKILL)
      kill(loader.fixture.processID, SIGKILL)
      _ = try loader.fixture.finish()
      #expect(exists(loader.path))
      #expect(try Fixture.run("readers-refused", loader.path, "start")["code"] == "none")
      #expect(!exists(loader.path))
    }

    @Test func whoConnectsAndSaysNothingHoldsNobodyUp() throws {
      let loader = try Loader(readers: 1, "broadcast")
      var silent: [Silent] = []
      for _ in 0..<20 { silent.append(Silent(try ListeningSocket.connect(to: loader.path))) }
      for _ in 0..<20 { _ = try ListeningSocket.connect(to: loader.path) }
      #expect(epochs(try loader.reader(0).finish()).count == 2)
      silent = []
      #expect(try loader.finish()["held"] == "0")
    }

    private final class Silent {
      private let socket: MessageSocket
      init(_ socket: consuming MessageSocket) { self.socket = socket }
    }

    private func exists(_ path: String) -> Bool { (try? FileSystem.kind(of: path)) != .missing }

    private func otherVersion(_ path: String) throws -> String {
      let socket = try ListeningSocket.connect(to: path)
      try socket.send(Array("{\"version\":4}".utf8))
      guard let message = try socket.receive() else { return "nothing" }
      return String(decoding: message.content, as: UTF8.self)
    }
  }
}
