import Foundation
import Testing

/// Sources that no file could make right are mistakes of the command line; all other errors are failures of the work.
@Suite struct SourceUsageTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: ["s-{0..}.tar", "s-{0..3.tar", "s-0}.tar"], ["run --source", "inspect"])
  func brokenPatternIsNamed(pattern: String, command: String) throws {
    let path = folder(pattern)
    try expect(command, [path], "The shard pattern \(path) has ", "; correct it, or write \\{ for a brace in a name")
  }

  @Test(arguments: ["run --source", "inspect"])
  func emptyPathIsRefused(command: String) throws {
    try expect(command, [""], "a path is empty; give the path of a folder, or of a tar or tar.zst file", "")
  }

  @Test func folderAndShardTogetherAreRefused() throws {
    try folder.write("images/1.png", [1])
    try folder.write("a.tar", [1])
    for paths in [[folder("images"), folder("a.tar")], [folder("a.tar"), folder("images")]] {
      try expect(
        "run --source", paths, "\(folder("images")) is a folder, and 2 sources were given; ",
        "give one folder, or any number of shards")
    }
  }

  @Test func patternForSeveralShardsIsTooMuchForInspect() throws {
    try expect("inspect", [folder("s-{0..9}.tar")], "one path at a time: ", "stands for 10 shards; name one of them")
    try Dataset.writeShard(folder("s-7.tar"), [])
    #expect(try Executable.run("inspect", folder("s-{7..7}.tar")).status == .exited(0))
  }

  /// Both commands say the same of a path that leads to no data.
  @Test func errorsOfAPathHaveTheSameWordsInBothCommands() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("link.tar"), withDestinationPath: "gone.tar")
    try folder.write("text.tar", "some words\n".utf8)
    try folder.write("empty.tar", [])
    try Dataset.writeShard(folder("a.tar"), [("0", [("txt", [1])])])
    try folder.write("cut.tar", try folder.read("a.tar").prefix(1100))
    for name in ["none", "none/a.tar", "s-*.tar", "link.tar", "text.tar", "empty.tar"] {
      let run = try Executable.run("run", "--source", folder(name))
      let inspect = try Executable.run("inspect", folder(name))
      #expect(run.errors == inspect.errors)
      #expect(run.status == .exited(1) && inspect.status == .exited(1), "\(run) \(inspect)")
    }
    // The run adds where the loader was.
    let inspect = try #require(try Executable.run("inspect", folder("cut.tar")).errorLine)
    let run = try Executable.run("run", "--source", folder("cut.tar"), "--columns", "x=txt.cls")
    #expect(run.errorLine?.hasPrefix(inspect) == true, "\(run)")
  }

  @Test func linkThatLeadsNowhereIsNamedWithWhatItHolds() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("link.tar"), withDestinationPath: "gone.tar")
    try Refusal.expect(
      ["--source", folder("link.tar")], "\(folder("link.tar")) is a link to gone.tar, which does not exist; ",
      code: "notFound", remedy: "mend or remove the link")
  }

  /// Exit status 2, one line, and no object with `--json`: nothing was begun.
  private func expect(
    _ command: String, _ paths: [String], _ start: String, _ end: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for json in [[], ["--json"]] {
      let outcome = try Executable.run(command.split(separator: " ").map(String.init) + paths + json)
      #expect(outcome.status == .exited(2), sourceLocation: sourceLocation)
      #expect(outcome.output == "", sourceLocation: sourceLocation)
      #expect(outcome.errorLine?.hasPrefix(start) == true, "\(outcome)", sourceLocation: sourceLocation)
      #expect(outcome.errorLine?.hasSuffix(end) == true, "\(outcome)", sourceLocation: sourceLocation)
    }
  }
}
