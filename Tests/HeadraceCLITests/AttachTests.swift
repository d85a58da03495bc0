import Testing

/// `headrace run --readers` and `headrace attach`: one process loads, others read.
@Suite struct AttachTests {
  let folder: TemporaryFolder
  static let dataset = Dataset(count: 23)

  init() throws { folder = try TemporaryFolder() }

  /// Serves the data set twice over to two readers. Returns what the three have printed, the server first.
  private func outputs(_ sharing: String) throws -> [String] {
    let source = try Self.dataset.write(.tar, to: folder)
    let path = folder("s")
    let server = try Child([
      "run", "--source", source, "--batch", "4", "--epochs", "2", "--readers", "2", "--sharing", sharing, "--socket",
      path, "--json",
    ])
    let first = try Child(["attach", path, "--place", "0", "--digest", "--json"])
    let second = try Child(["attach", path, "--place", "1", "--digest", "--json"])
    let readers = [try first.finish(), try second.finish()]
    let outcomes = [try server.finish()] + readers
    for outcome in outcomes { #expect(outcome.status == .exited(0), "\(outcome)") }
    return outcomes.map(\.output)
  }

  private func serve(_ sharing: String) throws -> (server: String, first: RunOutput, second: RunOutput) {
    let outputs = try outputs(sharing)
    return (outputs[0], try Self.output(outputs[1]), try Self.output(outputs[2]))
  }

  /// `threads` is unknown to a reader.
  private static func output(_ text: String) throws -> RunOutput {
    try RunOutput(text.replacing("\"tensors\"", with: "\"threads\":0,\"tensors\""))
  }

  @Test func eachReaderOfABroadcastGetsAll() throws {
    let (server, first, second) = try serve("broadcast")
    for reader in [first, second] {
      #expect(reader.imageSha256 == Self.dataset.digest(epochs: 2))
      #expect(reader.samples == 46 && reader.batches == 12 && reader.epochs == 2)
      #expect(reader.placement == "attached")
    }
    #expect(server.contains("\"samples\":46,"))
    #expect(server.contains("\"readers\":[{\"batches\":12,\"batches_per_second\":"), "\(server)")
  }

  @Test func readersOfAPartitionShareWhatIsThere() throws {
    let (server, first, second) = try serve("partition")
    #expect(first.batches == 6 && second.batches == 6 && first.samples + second.samples == 46)
    #expect(first.imageSha256 != second.imageSha256)
    #expect(server.contains("\"batches\":12,"))
  }

  @Test func everyKeyOfReadersIsOnThePage() throws {
    let keys = try KeyPaths.of(try serve("first-come").server).filter { $0.hasPrefix("readers[].") }
    let page = try KeyPaths.page()
    #expect(keys.count == 4)
    for key in keys { #expect(page.contains("`\(key.dropFirst("readers[].".count))`"), "\(key)") }
  }

  /// What is present and what is absent in which object, and nothing else differs.
  @Test func keysOfServersAndReadersDifferAsThePageSays() throws {
    let outputs = try outputs("broadcast")
    let plain = try Executable.run(["run", "--source", folder("images.tar"), "--batch", "4", "--slots", "2", "--json"])
      .output
    let rows = try KeyPaths.presence()
    #expect(rows.count > 9)
    let printed = try [plain, outputs[0], outputs[1]].map { text in
      Set(try KeyPaths.of(text).map { String($0.prefix { $0 != "[" && $0 != "." }) })
    }
    for (key, cells) in rows {
      for (cell, keys) in zip(cells, printed) where cell == "present" || cell == "absent" {
        #expect(keys.contains(key) == (cell == "present"), "\(key): \(cells)")
      }
    }
    let untold = printed.map { $0.subtracting(rows.keys) }
    #expect(untold[0] == untold[1] && untold[0] == untold[2])
  }

  @Test func aLoaderThatIsNotThereIsNamed() throws {
    let outcome = try Executable.run("attach", folder("none"), "--timeout", "0")
    #expect(outcome.status == .exited(1))
    #expect(outcome.errorLine?.contains("There has been no loader at \(folder("none"))") == true, "\(outcome)")
    #expect(outcome.errorLine?.contains("start one with headrace run --readers") == true, "\(outcome)")
  }

  @Test(arguments: [
    (["run", "--source", "a", "--sharing", "partition"], "--sharing is of --readers"),
    (["run", "--source", "a", "--socket", "s"], "--socket is of --readers"),
    (["run", "--source", "a", "--readers", "2"], "--readers needs --socket PATH"),
    (["run", "--source", "a", "--readers", "25", "--socket", "s"], "a whole number from 1 to 24"),
    (["run", "--source", "a", "--readers", "2", "--socket", "s", "--digest"], "give it to headrace attach"),
    (["run", "--source", "a", "--readers", "2", "--socket", "s", "--placement", "same-process"], "needs --placement"),
    (["attach"], "a path is missing"), (["attach", "a", "b"], "one path at a time"),
  ]) func whatCannotBeMeantIsRefused(words: [String], text: String) throws {
    let outcome = try Executable.run(words)
    #expect(outcome.status == .exited(2))
    #expect(outcome.errorLine?.contains(text) == true, "\(outcome)")
  }
}
