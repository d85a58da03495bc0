import HeadraceCore
import Testing

extension WorkerFaults {
  /// What the processes of a loader say, and who gets it.
  @Suite struct Logs {
    @Test(arguments: ["fork", "fork-server", "program", "same-process", "pool"])
    func aHandlerGetsEachLineWithStageSampleAndProcess(method: String) throws {
      let output = try Fixture.run("log", method, "handler")
      #expect(output["whole"] == "true")
      let worker = output["worker"]
      let role = method == "same-process" ? "thread" : method == "pool" ? "pool [01]" : "worker"
      // In a pool the call is another process's, and the worker runs the asynchronous stage.
      let process = method == "pool" ? "[0-9]+" : worker
      let engine = method == "pool" ? "worker \(worker)" : "\(role) \(process)"
      let lines = output.values("line")
      let expected = [
        "\(role) \(process) warning decode sample 13: two lines",
        "\(role) \(process) warning decode sample 13: of sample 13",
        "\(engine) info fetch sample 15: fetched",
        "\(role) \(process) error collate sample 16: a bad row",
      ]
      for line in expected { #expect(try lines.count { try Regex("^\(line)$").wholeMatch(in: $0) != nil } == 1) }
      let other = method == "same-process" ? nil : "\(role) \(process) - - -: written by other means"
      if let other { #expect(try lines.count { try Regex(other).wholeMatch(in: $0) != nil } == 1) }
      #expect(lines.count == expected.count + (other == nil ? 0 : 1))
    }

    @Test func onStandardErrorEachLineSaysWhoseItIs() throws {
      let output = try Fixture.run("log", "fork", "standard-error")
      let worker = "[worker \(output["worker"])]"
      for line in [
        "\(worker) warning: two lines (stage \"decode\" at sample 13)",
        "\(worker) warning: of sample 13 (stage \"decode\" at sample 13)",
        "\(worker) written by other means",
        "\(worker) info: fetched (stage \"fetch\" at sample 15)",
        "\(worker) error: a bad row (stage \"collate\" at sample 16)",
      ] { #expect(output.text.contains("\(line)\n")) }
    }

    @Test(arguments: ["fork", "same-process"]) func inheritedALineIsPlainText(method: String) throws {
      let output = try Fixture.run("log", method, "inherited")
      #expect(output.text.contains("\nwarning: of sample 13 (stage \"decode\" at sample 13)\n"))
      #expect(output.text.contains("\nwritten by other means\n"))
    }

    @Test func whatAProcessHasSaidLastIsInTheReportOfItsEnd() throws {
      let output = try Fixture.run("log-death", "handler")
      let last = output.values("last")
      #expect(last.first == "error: there is no label 57 (stage \"decode\" at sample 57)")
      #expect(last.contains { $0.contains("Fatal error: label 57 was looked for") })
      #expect(output["code"] == "workerDied")
      #expect(output["message"].contains("label 57 was looked for"))
      // The handler gets them too, also after the worker's end.
      #expect(output.values("line").contains { $0.hasSuffix("error decode sample 57: there is no label 57") })
    }

    @Test func inheritedTheReportOfAnEndHasNoLines() throws {
      let output = try Fixture.run("log-death", "inherited")
      #expect(output.values("last").isEmpty)
      #expect(output["code"] == "workerDied")
    }

    @Test func aStandardErrorThatNobodyReadsHoldsUpNothing() throws {
      let output = try Fixture.run("log-unread")
      #expect(output["whole"] == "true")
      #expect(output["kept"] == "512")
    }

    @Test func aPipelineMaySayMoreThanAPipeTakesWhileItIsMade() throws {
      let lines = try Fixture.run("log-early").values("line")
      let early = lines.compactMap { line in
        line.split(separator: " ").drop { $0 != "early" }.dropFirst().first.flatMap { Int($0) }
      }
      let others = lines.count - early.count
      // The newest 512 of those that had been said when the first batch was asked for, up to all; and what was said
      // later.
      #expect(early.first.map { (488...(488 + others)).contains($0) } == true, "\(early.first ?? -1)")
      #expect(early == Array((early.first ?? 0)...999))
      #expect(lines.last.map { $0.hasSuffix("a bad row") || $0.hasSuffix("fetched") } == true)
    }
  }
}
