import Headrace
import Testing

@testable import HeadraceCLI

/// The report for people is golden.
@Suite struct RunReportTests {
  private func report() -> RunReport {
    var report = RunReport()
    report.samples = 57_504
    report.batches = 899
    report.slots = 8
    report.epochs = 32
    report.seconds = 9.87654
    report.imagesPerSecond = 5831.04
    report.firstBatchSeconds = 0.0123
    report.consumerWaitSeconds = 8.25
    report.consumerCpuSeconds = 0.000_42
    report.workerCpuSeconds = 19.4
    report.workerPeakRssBytes = 345_678_901
    report.statistics = [
      StageStatistics(
        name: "source", concurrency: 1, taskCount: 57_504, elapsedSeconds: 10, taskSeconds: 0.0115,
        taskSecondsP50: 2e-7, taskSecondsP90: 3e-7, taskSecondsP99: 9e-7, busy: 0.04, blocked: 0.96, starved: 0),
      StageStatistics(
        name: "decode", concurrency: 8, taskCount: 57_504, failureCount: 2, elapsedSeconds: 10, taskSeconds: 34.5,
        taskSecondsP50: 0.0006, taskSecondsP90: 0.0009, taskSecondsP99: 0.0011, busy: 0.99, blocked: 0, starved: 0.01),
    ]
    report.bottleneck = "the pipeline's threads: all 8 are at work, 99 % of the time on \"decode\". Mend it."
    return report
  }

  @Test func reportIsAsReviewed() {
    #expect(
      report().text == """
        samples               57,504 in 899 batches, 32 epochs
        total time            9.88 s
        images per second     5,831
        first batch after     12.3 ms
        consumer waited       8.25 s
        consumer CPU          420.0 us
        worker CPU            19.40 s
        worker peak memory    346 MB

        stage      tasks/s   tasks  failed  filtered
        source       5,750  57,504       0         0
        decode x8    5,750  57,504       2         0

        stage          mean       p50     p99  busy  blocked  starved
        source       0.2 us    0.2 us  0.9 us   4 %     96 %      0 %
        decode x8  600.0 us  600.0 us  1.1 ms  99 %      0 %      1 %

        bottleneck: the pipeline's threads: all 8 are at work, 99 % of the time on
        "decode". Mend it.

        """)
  }

  @Test func resourcesAreShownAsFarAsTheyAreKnown() {
    var report = report()
    var summary = ResourceSummary()
    summary.diskReadByteCount = 12_000_000
    report.add(summary)
    #expect(report.text.contains("\nworker peak memory    346 MB\nworker resources      12.0 MB from disk\n"))
    summary.meanCPUPercent = 187.4
    summary.peakCPUPercent = 199.6
    summary.peakPSSByteCount = 210_000_000
    report.add(summary)
    #expect(
      report.text.contains(
        "\nworker resources      CPU 187 % (peak 200 %), PSS 210 MB, 12.0 MB from disk\n"))
  }

  @Test(arguments: [(0.04, "0.0"), (7.25, "7.3"), (99.94, "99.9"), (99.95, "100"), (18_001.1, "18,001")])
  func rateHasADecimalBelowAHundredAlone(rate: Double, text: String) {
    var report = report()
    report.imagesPerSecond = rate
    #expect(report.text.contains("\nimages per second     \(text)\n"))
  }

  @Test func oneOfAThingIsSingular() {
    var report = report()
    (report.samples, report.batches, report.epochs) = (1, 1, 1)
    #expect(report.text.hasPrefix("samples               1 in 1 batch, 1 epoch\n"))
  }

  @Test func digestAndLeftOutSamplesAreShown() {
    var report = report()
    report.epochs = 1
    report.rateIncludesStart = true
    report.firstBatchSeconds = nil
    report.imageSha256 = "ba7816bf"
    report.failureCount = 300
    let error = HeadraceError(
      .malformedImage, "It is cut.", stage: "decode", sample: SampleID(key: "a\n.png", path: "/d/a.png", offset: 512))
    report.failures = [.init(error, epoch: 2, position: 17), .init(error, epoch: 2, position: nil)]
    let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasSuffix(", 1 epoch"))
    #expect(lines.contains("image sha256          ba7816bf"))
    #expect(report.text.contains("\nimages per second     5,831, the start included: there were few batches\n"))
    #expect(!report.text.contains("first batch"))
    #expect(
      lines.suffix(3) == [
        "300 samples were left out, as --max-failures allows; the last 1 of them:",
        #"  epoch 2, position 17, a\n.png (/d/a.png, offset 512): It is cut."#, "",
      ])
    report.failureCount = 1
    #expect(report.text.contains("\n1 sample was left out, as --max-failures allows:\n"))
  }

  @Test func linesFitIntoATerminal() {
    var report = report()
    report.rateIncludesStart = true
    report.lacksLabel = true
    report.tensors = ["image", "image2"].map { .init(TensorSpec($0, .uint8, shape: [1024, 1024, 3])) }
    report.filesLeftOut = (0..<20).map { LeftOutFiles(extension: "ext\($0)", files: 1_234_567) }
    report.imageSha256 = String(repeating: "0123456789abcdef", count: 4)
    let lines = report.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(report.text)")
    #expect(lines.contains("image sha256    \(report.imageSha256 ?? "")"))
    #expect(
      report.text.contains(
        """

        tensors               image uint8[1024, 1024, 3], image2 uint8[1024, 1024, 3];
                              no label: the first sample lacks cls

        """))
  }

  @Test func runThatDeliversNothingTellsNoRate() {
    var report = RunReport()
    report.slots = 8
    #expect(
      report.text.hasPrefix("samples               0 in 0 batches, 0 epochs\ntotal time            0.0 us\nconsumer"))
  }

  @Test func failureTellsWhatTheErrorTells() throws {
    let error = HeadraceError(
      .tooManyFailures, "4 samples failed, 3 may; raise skip(upTo:), or mend the data.", stage: "decode",
      sample: SampleID(key: "k", path: "p", offset: 3), cause: "why")
    let line = try JSON.line(RunReport.Failure(error, epoch: 1, position: 2))
    #expect(
      line == #"{"cause":"why","code":"tooManyFailures","epoch":1,"message":"4 samples failed, 3 may; "#
        + #"raise --max-failures, or mend the data.","offset":3,"path":"p","position":2,"sample":"k","stage":"decode"}"#
        + "\n")
  }
}
