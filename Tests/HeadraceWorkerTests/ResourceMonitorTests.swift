import Glibc
import Headrace
import Testing

@testable import HeadraceWorker

extension WorkerFaults {
  @Suite struct Resources {
    /// Two ways to measure the same, neither of them a time that the machine must keep.
    @Test(arguments: ["subprocess", "same-process"])
    func theMonitorSeesTheCPUTimeThatTheWorkerIsTold(placement: String) throws {
      let output = try Fixture.run("resources-burn", placement)
      let told = output.number("told")
      #expect(told > 0.1)
      #expect(abs(output.number("seen") - told) < 0.02 + told * 0.1, "\(output.text)")
      let share = output.number("told_percent")
      #expect(abs(output.number("seen_percent") - share) < share * 0.15, "\(output.text)")
      #expect(output["grows"] == "true")
      #expect(output["peak"] == "true")
    }

    @Test func aWorkerThatEndsBetweenTwoSamplesUsesNothingFromThenOn() throws {
      let output = try Fixture.run("resources-end")
      #expect(output["running"] == "2")
      for state in ["ended", "reaped"] {
        #expect(output[state] == "0")
        #expect(output["\(state)_bytes"] == "0")
        #expect(output["\(state)_goes_on"] == "true")
      }
      #expect(output["late"] == "0")
      #expect(output["samples"] == "3")
    }

    /// Resident bytes count the ring for each side that has it mapped, proportional ones count it once.
    @Test func ofASharedRingThePSSIsHalf() throws {
      let ring = 64 << 20
      let output = try Fixture.run("resources-ring", "64")
      let alone = output["alone"].split(separator: " ").compactMap { Int($0) }
      let shared = output["shared"].split(separator: " ").compactMap { Int($0) }
      try #require(alone.count == 3 && shared.count == 3)
      #expect(alone[0] >= ring && alone[1] >= ring && alone[2] >= ring)
      #expect(shared[0] >= ring)
      #expect(shared[1] <= alone[1] - ring * 4 / 10)
      #expect(shared[2] <= alone[2] - ring * 9 / 10)
      print("a sample in microseconds: \(output["plain_us"]), with PSS \(output["pss_us"])")
      #expect(output.number("plain_us") > 0 && output.number("pss_us") > 0)
    }

    @Test func whatAProcessStartsIsWatchedTooAndEachOfThemOnce() throws {
      let output = try Fixture.run("resources-descendants")
      // The trainer, the supervisor and the worker.
      #expect(output["with"] == "3")
      #expect(output["without"] == "1")
      #expect(output["named_twice"] == "3")
      #expect(output["nobody"] == "0")
    }

    @Test func theThreadOfAMonitorEndsBeforeItsInterval() throws {
      let output = try Fixture.run("resources-thread")
      for claim in ["samples", "last_has_pss", "again", "same", "in_order"] {
        #expect(output[claim] == "true", "\(claim)")
      }
      #expect(output["at_once"] == "1")
      #expect(output["stopped_early"] == "2")
      #expect(output["no_pss"] == "true")
      #expect(output["endless"] == "1")
      #expect(output["while_it_runs"] == "2")
      for end in ["stopped", "stopped_early_ended", "dropped", "stopped_by_its_callback"] {
        #expect(output[end] == "true", "\(end)")
      }
    }
  }
}

@Suite struct ResourceMonitorTests {
  @Test(arguments: [Duration.milliseconds(9), .zero, .seconds(-1)])
  func anIntervalThatIsTooShortIsRefused(interval: Duration) {
    let monitor = ResourceMonitor(processIDs: [Int(getpid())])
    do throws(HeadraceError) {
      _ = try monitor.start(interval: interval)
      Issue.record("accepted \(interval)")
    } catch {
      #expect(error.code == .invalidArgument)
      #expect(
        error.message == "A resource monitor cannot take a sample each \(interval); interval must be at least 10 ms.")
    }
  }

  @Test func pssIsReadEveryNthTime() {
    func reads(_ pssEvery: Int?) -> [Bool] {
      var monitor = ResourceMonitor(processIDs: [Int(getpid())], pssEvery: pssEvery)
      return (0..<5).map { _ in monitor.sample().pssByteCount != nil }
    }
    #expect(reads(1) == [true, true, true, true, true])
    #expect(reads(3) == [true, false, false, true, false])
    #expect(reads(nil) == [false, false, false, false, false])
    var monitor = ResourceMonitor(processIDs: [Int(getpid())], pssEvery: nil)
    #expect(monitor.sample(withPSS: true).pssByteCount != nil)
  }

  @Test func aSampleOfThisProcessHasAllFigures() throws {
    var monitor = ResourceMonitor(processIDs: [Int(getpid())], includesDescendants: false)
    let first = monitor.sample()
    #expect(first.seconds == 0 && first.cpuPercent == nil && first.diskReadBytesPerSecond == nil)
    #expect(first.processCount == 1 && first.threadCount >= 1 && first.residentByteCount > 0)
    #expect(try #require(first.privateByteCount) <= (try #require(first.pssByteCount)))
    #expect(monitor.summary.diskReadByteCount == 0 && monitor.summary.networkReceivedByteCount == 0)
  }

  @Test func aMonitorOfNoProcessIsAMistakeOfTheCaller() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ResourceMonitor(processIDs: [])
    }
    #expect(String(decoding: try #require(result).standardErrorContent, as: UTF8.self).contains("of no process"))
  }

  @Test func periodsAndLimitsBelowOneAreMistakesOfTheCaller() async {
    await #expect(processExitsWith: .failure) { _ = ResourceMonitor(processIDs: [1], pssEvery: 0) }
    await #expect(processExitsWith: .failure) { _ = ResourceMonitor(processIDs: [1], sampleLimit: 0) }
  }

  @Test func lateSamplesShiftNoneAfterThem() {
    let next = { now in RunningResourceMonitor.nextMoment(after: now, from: 100, each: 10) }
    #expect(next(100) == 110)
    #expect(next(109) == 110)
    #expect(next(110) == 120)
    #expect(next(157) == 160)
  }
}
