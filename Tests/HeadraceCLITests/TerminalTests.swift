import Glibc
import Testing

/// What only a person sees, and how a run ends that is not let finish.
// A container may be without /dev/pts; then there is no terminal to test on.
@Suite(.enabled(if: ReadEnd.hasPseudoTerminals, "no pseudo-terminals here: mount /dev/pts"))
struct TerminalTests {
  let folder: TemporaryFolder
  let source: String

  init() throws {
    folder = try TemporaryFolder()
    source = try Dataset(count: 12).write(.tar, to: folder)
  }

  @Test func withoutATerminalThereAreNoControlCharacters() throws {
    for words in [
      ["run", "--source", source, "--batch", "2", "--epochs", "20"], ["run", "--source", source, "--json"],
      ["run", "--source", folder("none.tar")], ["run", "--help"], ["inspect", source], ["inspect", source, "--json"],
    ] {
      let outcome = try Executable.run(words)
      let controls = (outcome.output + outcome.errors).unicodeScalars.filter { $0.value < 32 && $0 != "\n" }
      #expect(controls.isEmpty, "\(outcome)")
    }
  }

  @Test func onATerminalTheProgressLineIsDrawnAndCleared() throws {
    let outcome = try Executable.run(
      ["run", "--source", source, "--batch", "3", "--epochs", "2"], errors: .pseudoTerminal)
    #expect(outcome.status == .exited(0))
    #expect(outcome.errors.hasPrefix("epoch 1/2 3 samples  "), "\(outcome)")
    #expect(outcome.errors.contains("  waiting "))
    #expect(outcome.errors.hasSuffix("\r\u{1B}[A\u{1B}[K"))
    // Each drawing but the first goes up to the line, and clears what is behind it.
    #expect(outcome.errors.matches(of: /\x1B\[A/).count == outcome.errors.matches(of: /\x1B\[K/).count - 1)
    #expect(!outcome.output.contains("\u{1B}"))
    #expect(outcome.output.hasPrefix("samples               24 in 8 batches, 2 epochs\n"))
  }

  /// Such as the one inside an editor, which would show the codes as text.
  @Test(arguments: ["dumb", "", nil])
  func terminalThatCannotMoveTheCursorHasNoProgressLine(type: String?) throws {
    let outcome = try Executable.run(["run", "--source", source], terminal: type, errors: .pseudoTerminal)
    #expect(outcome.status == .exited(0))
    #expect(outcome.errors == "")
  }

  @Test func onATerminalAFolderHasABar() throws {
    let path = try Dataset(count: 12).write(.folder, to: folder)
    let outcome = try Executable.run(["run", "--source", path, "--batch", "3"], errors: .pseudoTerminal)
    #expect(outcome.errors.hasPrefix("epoch 1/1 [######..................] 3 samples  "), "\(outcome)")
  }

  /// A line that wraps is not drawn over: each drawing would leave one behind.
  @Test func onANarrowTerminalTheLineIsShort() throws {
    let path = try Dataset(count: 12).write(.folder, to: folder)
    let outcome = try Executable.run(["run", "--source", path, "--batch", "3"], errors: .narrowTerminal)
    let lines = Self.lines(outcome.errors)
    #expect(lines.first?.hasPrefix("epoch 1/1 3 samples") == true, "\(outcome)")
    #expect(!outcome.errors.contains("waiting"), "\(outcome)")
    #expect(lines.allSatisfy { $0.count < ReadEnd.narrowColumnCount }, "\(outcome)")
  }

  /// Of real data: names as a data set has them, and the digest.
  @Test func whatPeopleReadFitsIntoEightyColumns() throws {
    try Dataset.writeShard(
      folder("names.tar"), (0..<3).map { ("n01440764/n01440764_1002\($0)", [("png", [1]), ("cls", [0x30])]) })
    for words in [["run", "--source", source, "--digest", "--epochs", "9"], ["inspect", folder("names.tar")]] {
      let outcome = try Executable.run(words, errors: .pseudoTerminal)
      #expect(outcome.status == .exited(0))
      // The first line of `inspect` has the path, however long that is.
      let lines = outcome.output.split(separator: "\n").map(String.init).dropFirst() + Self.lines(outcome.errors)
      #expect(lines.count > 5)
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(outcome.output)")
    }
  }

  /// The ends of a name are what tells it from others; a file or a program gets all of it.
  @Test func longNamesAreShortenedOnATerminalAlone() throws {
    let names = ["1", "2"].map { String(repeating: "long-", count: 40) + $0 }
    for name in names { try folder.write("train/\(name)/1.png", [1]) }
    try Dataset.writeShard(folder("long.tar"), names.map { ($0, [("png", [])]) })
    for (path, end) in [(folder("train"), ""), (folder("long.tar"), ".png")] {
      for (terminal, columns) in [(Child.Stream.pseudoTerminal, 80), (.narrowTerminal, ReadEnd.narrowColumnCount)] {
        let outcome = try Executable.run(["inspect", path], output: terminal)
        let rows = outcome.output.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("long") }
        #expect(rows.count == 2 && rows[0].contains("...") && rows[0].contains("1\(end) "), "\(outcome)")
        // Numbers stay whole, so a shard's row is wider than a narrow terminal.
        #expect(rows.allSatisfy { $0.count <= max(columns, end.isEmpty ? 0 : 40) }, "\(outcome)")
      }
      for (terminal, stream) in [("xterm", Child.Stream.pipe), ("dumb", .pseudoTerminal)] {
        let whole = try Executable.run(["inspect", path], terminal: terminal, output: stream)
        #expect(names.allSatisfy { whole.output.contains("\n\($0)\(end) ") }, "\(whole)")
      }
      let json = try Executable.run(["inspect", path, "--json"], output: .pseudoTerminal)
      #expect(names.allSatisfy { json.output.contains("\"\($0)\(end)\"") }, "\(json)")
    }
  }

  @Test func anErrorComesAfterTheLineIsCleared() throws {
    let bytes = try folder.read("images.tar")
    try folder.write("images.tar", bytes.dropLast(1024))
    let outcome = try Executable.run(["run", "--source", source, "--batch", "2"], errors: .pseudoTerminal)
    #expect(outcome.status == .exited(1))
    #expect(outcome.errors.contains("\r\u{1B}[A\u{1B}[Kheadrace: Shard \(source), byte "), "\(outcome)")
    #expect(outcome.errors.hasSuffix("\r\n"))
  }

  /// Streams end when no process holds them any more: `finish` returns only when the worker is gone too.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL], ["subprocess", "same-process"])
  func signalEndsTheRunAndItsWorker(signal: Int32, placement: String) throws {
    var child = try Child(
      ["run", "--source", source, "--batch", "2", "--epochs", "1000000000", "--placement", placement],
      errors: .pseudoTerminal)
    // The line is drawn with the first batch: from there on the worker is at work.
    try child.waitForErrors(containing: "epoch 1/1,000,000,000")
    child.send(signal)
    let outcome = try child.finish()
    #expect(outcome.status == .signaled(signal))
    #expect(outcome.output == "")
    #expect(!outcome.errors.contains("headrace: "))
    // The line is whole, and what the terminal shows next begins on the one below.
    #expect(outcome.errors.hasSuffix(" %\u{1B}[K\r\n"), "\(outcome.errors.suffix(99))")
  }

  @Test(arguments: [["run"], ["run", "--json"], ["inspect"], ["inspect", "--json"], ["run", "--help"]])
  func readerThatGoesAwayEndsTheCommandQuietly(command: [String]) throws {
    let words =
      command.contains("--help") ? command : command + (command[0] == "run" ? ["--source", source] : [source])
    let child = try Child(words, output: .readerGone)
    let outcome = try child.finish()
    #expect([.exited(0), .signaled(SIGPIPE)].contains(outcome.status))
    #expect(outcome.errors == "")
  }

  /// `| head -c 1`, with more to write than a pipe holds.
  @Test func readerThatGoesAwayMidwayEndsTheCommandQuietly() throws {
    try Dataset.writeShard(folder("many.tar"), (0..<2000).map { ("sample-\(1_000_000 + $0)", [("txt", [])]) })
    let outcome = try Shell.run(
      "\(Shell.quote(Executable.path)) inspect \(Shell.quote(folder("many.tar"))) --limit 0 | head -c 1")
    #expect(outcome.status == .exited(0))
    #expect(outcome.output.count == 1)
    #expect(outcome.errors == "")
  }

  @Test func closedStreamsAreNoCrash() throws {
    let command = "\(Shell.quote(Executable.path)) run --source \(Shell.quote(source)) --digest --json"
    // Without standard output the report is lost, which is no success.
    for (redirection, status) in [("<&-", Int32(0)), (">&-", 1), ("2>&-", 0), ("<&- >&- 2>&-", 1)] {
      let outcome = try Shell.run("\(command) \(redirection)")
      #expect(outcome.status == .exited(status), "\(redirection)")
    }
    let full = try Shell.run("\(command) > /dev/full")
    #expect(full.status == .exited(1))
    #expect(full.errors == "headrace: write to standard output: ENOSPC (No space left on device)\n")
    let alone = try Shell.run("\(command) <&- 2>&-")
    #expect(try RunOutput(alone.output).imageSha256 == Dataset(count: 12).digest())
  }

  /// What was drawn, one drawing after the other, without the movements of the cursor.
  private static func lines(_ text: String) -> [String] {
    text.replacing(/\x1B\[[A-Z]/, with: "").split(whereSeparator: \.isNewline).map(String.init)
  }
}
