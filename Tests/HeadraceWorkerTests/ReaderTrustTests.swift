import Glibc
import Headrace
import HeadraceSystem
import HeadraceTestSupport
import Testing

extension WorkerFaults {
  /// Who gets in, and what the processes of a loader have of it.
  @Suite struct ReaderTrust {
    private static let other = 65_534

    @Test(.enabled(if: geteuid() == 0, "only root can be another user"))
    func ofAnotherUserNobodyGetsIn() throws {
      let folder = try openFolder()
      let path = folder.file("s")
      let loader = try Fixture(["readers-serve", path, "1", "broadcast", "1", "100", "0", "8", "together"])
      _ = try loader.waitForLine("serving")
      // As if its owner had opened it to others.
      unsafe chmod(path, 0o666)
      let stranger = try Fixture.run("readers-stranger", path, "\(Self.other)", "attach")
      #expect(stranger["code"] == "invalidArgument")
      #expect(
        stranger["message"].hasPrefix("The loader at \(path) is another user's than process "), "\(stranger.text)")
      #expect(stranger["message"].contains(", which is of user \(Self.other); run readers as the user"))
      #expect(try Fixture(["readers-read", path, "any", "10"]).finish()["done"] == "10")
      kill(loader.processID, SIGUSR1)
      #expect(try loader.finish()["held"] == "0")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can be another user"))
    func aLoaderOfAnotherUserIsNotBelieved() throws {
      let folder = try openFolder()
      let path = folder.file("s")
      let impostor = try Fixture("readers-stranger", path, "\(Self.other)", "listen")
      _ = try impostor.waitForLine("listening")
      let output = try Fixture.run("readers-refused", path, "attach")
      #expect(output["code"] == "invalidArgument")
      #expect(
        output["message"].hasPrefix(
          "Process \(impostor.processID) of user \(Self.other) is to be found at \(path), which is not the user of this"
        ),
        "\(output.text)")
      kill(impostor.processID, SIGUSR1)
      _ = try impostor.finish()
    }

    @Test(arguments: [0, 2]) func whatIsStartedLaterHasNothingOfTheReaders(workers: Int) throws {
      let folder = try TemporaryFolder()
      let path = folder.file("s")
      let loader = try Fixture([
        "readers-serve", path, "2", "first-come", "1000", "100", "1", "8", "together", "\(workers)",
      ])
      let supervisor = Int32(try loader.waitForLine("serving")) ?? 0
      let readers = try (0..<2).map { try Fixture(["readers-read", path, "\($0)", "10"]) }
      for reader in readers { _ = try reader.waitForLine("place") }
      var buffer: [UInt8] = []
      let before = Set(ProcessTree.children(of: supervisor, buffer: &buffer))
      let own = sockets(of: supervisor).subtracting(sockets(of: loader.processID))
      // Where it listens, and a connection of each.
      #expect(own.count == 3)
      kill(Int32(try loader.waitForLine("worker")) ?? 0, SIGKILL)
      try WorkerWatchdog(seconds: 30).wait(for: "worker without sockets of the supervisor") {
        let children = ProcessTree.children(of: supervisor, buffer: &buffer)
        return children.count == 1 + workers && before.isDisjoint(with: children)
          && children.allSatisfy { sockets(of: $0).isDisjoint(with: own) }
      }
      kill(loader.processID, SIGUSR1)
      _ = try loader.finish()
      for reader in readers { _ = try reader.finish() }
    }

    @Test(arguments: ["fork", "fork-server"]) func noProcessOfALoaderSharesASocketWithItsSupervisor(
      method: String
    ) throws {
      let folder = try TemporaryFolder()
      let path = folder.file("s")
      let first = try Fixture("readers-first", path, "2", "broadcast", "1", "100", method)
      let second = try Fixture("readers-read", path, "1", "10", "keep")
      _ = try second.waitForLine("let_go")
      let supervisor = try #require(descendants(of: first.processID).first { name(of: $0) == "headrace-super" })
      let own = sockets(of: supervisor).subtracting(sockets(of: first.processID))
      #expect(own.count == 2)
      for worker in descendants(of: supervisor) {
        try WorkerWatchdog(seconds: 30).wait(for: "worker without sockets of the supervisor") {
          sockets(of: worker).isDisjoint(with: own)
        }
      }
      kill(second.processID, SIGUSR1)
      #expect(try second.finish()["kept"] == "true" && first.finish()["done"] == "10")
    }

    /// A folder in which any user may make files.
    private func openFolder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      unsafe chmod(folder.path, 0o777)
      return folder
    }

    private func descendants(of process: Int32) -> [Int32] {
      var buffer: [UInt8] = []
      let children = ProcessTree.children(of: process, buffer: &buffer)
      return children + children.flatMap { descendants(of: $0) }
    }

    private func name(of process: Int32) -> String {
      String((SmallFile.read("/proc/\(process)/comm") ?? "").prefix { $0 != "\n" })
    }

    /// By their numbers; see `man 5 proc_pid_fd`.
    private func sockets(of process: Int32) -> Set<String> {
      let folder = "/proc/\(process)/fd/"
      let names = ((try? FileSystem.entries(of: folder)) ?? []).map { entry in
        String(FileSystem.destination(of: folder + entry.name).split(separator: "/").last ?? "")
      }
      return Set(names.filter { $0.hasPrefix("socket:") })
    }
  }
}
