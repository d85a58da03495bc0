import Foundation
import Glibc

/// A program in a process group of its own, whose streams are read to their end.
///
/// Its worker inherits the streams: their end says that no process of the command is left. Whatever waits here has a
/// deadline, after which the whole group is killed and `Hang` thrown.
struct Child: ~Copyable {
  enum Stream: Sendable { case pipe, pseudoTerminal, narrowTerminal, readerGone }

  struct Hang: Error, CustomStringConvertible {
    let words: [String]
    let output: String
    let errors: String
    var description: String { "headrace \(words.joined(separator: " ")) hangs after: \(output)\(errors)" }
  }

  let processID: pid_t
  private let words: [String]
  private var streams: [ReadEnd]
  private let deadline = ContinuousClock.now + .seconds(60)
  private var isReaped = false

  /// - Parameters:
  ///   - words: what follows the program's name.
  ///   - terminal: its TERM; nil: unset.
  init(
    _ words: [String], program: String = Executable.path, terminal: String? = "xterm", output: Stream = .pipe,
    errors: Stream = .pipe
  ) throws {
    let (outputEnd, outputChildEnd) = try ReadEnd.open(output)
    let (errorEnd, errorChildEnd) = try ReadEnd.open(errors)
    defer {
      close(outputChildEnd)
      close(errorChildEnd)
    }
    processID = try Spawn.start(program, words, terminal: terminal, output: outputChildEnd, errors: errorChildEnd)
    self.words = words
    streams = [outputEnd, errorEnd]
  }

  deinit {
    for stream in streams { stream.close() }
    guard !isReaped else { return }
    kill(-processID, SIGKILL)
    _ = waitpid(processID, nil, 0)
  }

  /// Reads until standard error holds `text`.
  mutating func waitForErrors(containing text: String) throws {
    while !streams[1].text.contains(text), streams.contains(where: \.isOpen) { try readSome() }
  }

  func send(_ signal: Int32) { kill(processID, signal) }

  /// Reads to the end of both streams and takes the exit status.
  consuming func finish() throws -> Outcome {
    while streams.contains(where: \.isOpen) { try readSome() }
    var status: Int32 = 0
    while unsafe waitpid(processID, &status, 0) == -1 && errno == EINTR {}
    isReaped = true
    let signal = status & 0x7F
    return Outcome(
      status: signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal), output: streams[0].text,
      errors: streams[1].text)
  }

  private mutating func readSome() throws {
    var entries = streams.map { pollfd(fd: $0.isOpen ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0) }
    let left = (deadline - ContinuousClock.now).components.seconds
    guard left >= 0, unsafe poll(&entries, 2, Int32(left + 1) * 1000) != 0 else {
      kill(-processID, SIGKILL)
      throw Hang(words: words, output: streams[0].text, errors: streams[1].text)
    }
    for index in entries.indices where entries[index].revents != 0 { streams[index].readSome() }
  }
}
