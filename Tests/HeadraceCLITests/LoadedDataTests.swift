import Testing

/// `headrace run` tells what it loads, and what it leaves out.
@Suite struct LoadedDataTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func text(_ words: [String]) throws -> String {
    let outcome = try Executable.run(["run"] + words)
    #expect(outcome.status == .exited(0), "\(outcome)")
    return outcome.output
  }

  @Test func tensorsAreNamedWithTypeAndShape() throws {
    let source = try Dataset(count: 5).write(.tar, to: folder)
    let report = try Executable.report(["--source", source])
    #expect(
      report.tensors == [
        .init(name: "image", dtype: "uint8", shape: [5, 6, 3]), .init(name: "label", dtype: "int64", shape: []),
      ])
    #expect(try text(["--source", source]).contains("\ntensors               image uint8[5, 6, 3], label int64[]\n"))
    let gray = ["--source", source, "--channels", "gray", "--size", "2x1", "--columns", "x=png"]
    #expect(try Executable.report(gray).tensors == [.init(name: "x", dtype: "uint8", shape: [1, 2])])
    // Whoever names columns knows that there is no label among them.
    #expect(try text(gray).contains("\ntensors               x uint8[1, 2]\n"))
  }

  @Test func missingLabelIsTold() throws {
    try folder.write("flat/a.png", try TestImage(width: 3, height: 2, storage: .rgb, seed: 1).png())
    #expect(
      try text(["--source", folder("flat")]).contains(
        "\ntensors               image uint8[2, 3, 3]; no label: the first sample lacks cls\n"))
  }

  @Test func filesOfOtherKindsAreCounted() throws {
    let source = try Dataset(count: 4).write(.folder, to: folder)
    for name in ["a/1.gif", "a/2.GIF", "zebra/c.txt", "README", ".hidden.gif"] {
      try folder.write("images/\(name)", [1])
    }
    let report = try Executable.report(["--source", source])
    #expect(report.samples == 4)
    #expect(
      report.filesLeftOut == [
        .init(extension: "gif", files: 2), .init(extension: "", files: 1), .init(extension: "txt", files: 1),
      ])
    #expect(
      try text(["--source", source]).contains("\nfiles left out        2 .gif, 1 without extension, 1 .txt\n"))
    let shard = try Dataset(count: 4).write(.tar, to: folder)
    #expect(try Executable.report(["--source", shard]).filesLeftOut == [])
    #expect(try !text(["--source", shard]).contains("left out"))
  }

  @Test(arguments: ["subprocess", "same-process"])
  func droppedSamplesAreCountedOverAllEpochs(placement: String) throws {
    let source = try Dataset(count: 11).write(.tar, to: folder)
    let words = ["--source", source, "--batch", "4", "--epochs", "2", "--placement", placement, "--partial"]
    #expect(try Executable.report(words + ["drop"]).samplesDropped == 6)
    #expect(
      try text(words + ["drop"]).contains(
        "\nsamples dropped       6, short of a last batch (--partial drop)\n"))
    #expect(try Executable.report(words + ["emit"]).samplesDropped == nil)
    let all = try Executable.report(["--source", source, "--batch", "64", "--partial", "drop"], status: 1)
    #expect(all.samples == 0)
    #expect(all.samplesDropped == 11)
    let none = ["--source", source, "--batch", "11", "--partial", "drop"]
    #expect(try Executable.report(none).samplesDropped == 0)
    #expect(try !text(none).contains("dropped"))
  }

  @Test func samplesThatFailedAreNotDroppedToo() throws {
    let png = try TestImage(width: 2, height: 2, storage: .rgb, seed: 1).png()
    for index in 0..<7 { try folder.write("images/\(index).png", index == 3 ? [] : png[...]) }
    let report = try Executable.report([
      "--source", folder("images"), "--batch", "4", "--partial", "drop", "--max-failures", "1",
    ])
    #expect(report.samples == 4)
    #expect(report.failureCount == 1)
    #expect(report.samplesDropped == 2)
  }
}
