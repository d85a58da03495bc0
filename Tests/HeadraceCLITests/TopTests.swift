import Foundation
import Headrace
import Testing

@testable import HeadraceCLI

/// `headrace top`: a loader is looked at from outside.
///
@Suite struct TopTests {
  let folder: TemporaryFolder
  static let dataset = Dataset(count: 23)

  init() throws { folder = try TemporaryFolder() }

  /// A loader that this process reads, with one batch in hand; `look` is given its command line's process.
  private func withLoader(_ look: (borrowing Batches, Int) throws -> Void) throws {
    let source = try Self.dataset.write(.tar, to: folder)
    let path = folder("s")
    let server = try Child([
      "run", "--source", source, "--batch", "4", "--epochs", "2", "--readers", "2", "--sharing", "first-come",
      "--socket",
      path, "--json",
    ])
    let other = try Batches.attach(to: path, place: 1)
    var batches = try Batches.attach(to: path, place: 0)
    guard let batch = try batches.next() else { return #expect(Bool(false), "no batch") }
    try look(batches, Int(server.processID))
    let held = (batch.count, other.place)
    #expect(held == (4, 1))
  }

  /// The only loader of a process.
  private func object(_ process: Int, _ words: String...) throws -> [String: Any] {
    let loaders = try objects(process, words)
    #expect(loaders.count == 1)
    return try #require(loaders.first)
  }

  private func objects(_ process: Int, _ words: [String] = []) throws -> [[String: Any]] {
    let outcome = try Executable.run(["top", "\(process)", "--json"] + words)
    #expect(outcome.status == .exited(0), "\(outcome)")
    let lines = outcome.output.split(separator: "\n")
    let object = try JSONSerialization.jsonObject(with: Data(try #require(lines.last).utf8)) as? [String: Any]
    return try #require(object?["loaders"] as? [[String: Any]])
  }

  @Test func aLoaderIsFoundByEachOfItsProcesses() throws {
    try withLoader { batches, server in
      let workerProcessID = batches.workerProcessID
      let worker = try #require(workerProcessID)
      let found = try [server, worker].map { try object($0)["process_id"] as? Int }
      let supervisor = try #require(found.first ?? nil)
      #expect(found == [supervisor, supervisor])
      // This process may have loaders of other tests.
      #expect(try objects(Int(getpid())).contains { $0["process_id"] as? Int == supervisor })
      let loader = try object(supervisor)
      #expect(loader["worker_process_id"] as? Int == worker)
      let reader = try #require((loader["readers"] as? [[String: Any]])?.first)
      #expect(reader["process_id"] as? Int == Int(getpid()) && reader["batches"] as? Int == 1)
      #expect(reader["batches_held"] as? Int == 1 && reader["is_active"] as? Bool == true)
      let stages = try #require(loader["stages"] as? [[String: Any]])
      #expect(stages.compactMap { $0["name"] as? String } == ["source", "decode"])
      #expect(loader["slots"] as? Int == 8 && loader["restarts"] as? Int == 0)
    }
  }

  @Test func everyKeyIsOnThePage() throws {
    try withLoader { _, server in
      let words = ["top", "\(server)", "--json", "--count", "2", "--interval", "1"]
      let lines = try Executable.run(words).output.split(separator: "\n").map(String.init)
      #expect(lines.count == 2)
      let page = try KeyPaths.page()
      let keys = try KeyPaths.of(try #require(lines.last)).filter { $0.hasPrefix("loaders[].") }
        .filter { !$0.contains("stages[].") }.map { $0.dropFirst("loaders[].".count) }
      #expect(keys.count > 18)
      for key in keys {
        let name = key.split(separator: ".").last ?? key
        #expect(page.contains("`\(name)`") || page.contains("`\(name)[]`"), "\(key)")
      }
    }
  }

  @Test func whoLooksHoldsUpNothingAndChangesNothing() throws {
    try withLoader { batches, server in
      let before = batches.readers
      let text = try Executable.run(["top", "\(server)"]).output
      #expect(text.contains("reader 0 (process \(getpid())): 1 batch") && text.contains("holds 1"), "\(text)")
      #expect(text.contains("decode"))
      let after = batches.readers
      #expect(after == before)
    }
  }

  @Test func aProcessWithoutALoaderIsNamed() throws {
    let outcome = try Executable.run("top", "1")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorLine?.contains("Process 1 belongs to no loader that can be seen") == true, "\(outcome)")
  }

  @Test(arguments: [
    (["top", "a"], "\"a\" is no number of a process"), (["top", "0"], "\"0\" is no number of a process"),
    (["top", "1", "2"], "one process at a time"), (["top", "--interval", "0"], "a whole number from 1 to 3600"),
  ]) func whatCannotBeMeantIsRefused(words: [String], text: String) throws {
    let outcome = try Executable.run(words)
    #expect(outcome.status == .exited(2))
    #expect(outcome.errorLine?.contains(text) == true, "\(outcome)")
  }
}
