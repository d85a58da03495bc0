import Testing

@testable import HeadraceCLI

/// The progress line, as text.
@Suite struct ProgressMeterTests {
  @Test(arguments: [
    (0, 1, 0, 0.0, 0.0, "epoch 1/1 [........................] 0 samples  0/s  waiting 0 %"),
    (0, 1, 50, 2.0, 0.5, "epoch 1/1 [############............] 50 samples  25/s  waiting 25 %"),
    (0, 1, 100, 4.0, 4.0, "epoch 1/1 [########################] 100 samples  25/s  waiting 100 %"),
    (2, 3, 225, 1.0, 0.0, "epoch 3/3 [######..................] 225 samples  225/s  waiting 0 %"),
    (0, 1, 1, 1.0, 0.0, "epoch 1/1 [........................] 1 sample  1/s  waiting 0 %"),
    (99, 100, 9_950, 1.0, 0.0, "epoch 100/100 [############............] 9,950 samples  9,950/s  waiting 0 %"),
    // More than was expected, fewer than a dropped batch left, and a wait that began before the clock.
    (0, 1, 120, 1.0, 9.0, "epoch 1/1 [########################] 120 samples  120/s  waiting 100 %"),
    (1, 2, 90, 1.0, 0.0, "epoch 2/2 [........................] 90 samples  90/s  waiting 0 %"),
  ])
  func barShowsTheEpoch(epoch: Int, epochs: Int, samples: Int, seconds: Double, wait: Double, line: String) {
    #expect(
      ProgressMeter.line(
        epoch: epoch, epochs: epochs, samples: samples, samplesPerEpoch: 100, seconds: seconds, waitSeconds: wait,
        columns: 80) == line)
  }

  @Test(arguments: [nil, 0])
  func withoutACountThereIsNoBar(count: Int?) {
    #expect(
      ProgressMeter.line(
        epoch: 0, epochs: 9, samples: 7, samplesPerEpoch: count, seconds: 2, waitSeconds: 1, columns: 80)
        == "epoch 1/9 7 samples  4/s  waiting 50 %")
  }

  /// A line as wide as the terminal would wrap, and each drawing would leave one behind.
  @Test func lineIsShorterThanTheTerminalAtEveryWidth() {
    for columns in 1...100 {
      let line = ProgressMeter.line(
        epoch: 1, epochs: 3, samples: 61_234, samplesPerEpoch: 50_000, seconds: 60, waitSeconds: 9, columns: columns)
      #expect(line.count < columns)
    }
  }

  /// "waiting 10" in place of "waiting 100 %" would be a figure, and a wrong one.
  @Test func figuresThatDoNotFitAreLeftOutWhole() {
    let lines = (0...80).map { columns in
      ProgressMeter.line(
        epoch: 1, epochs: 3, samples: 61_234, samplesPerEpoch: nil, seconds: 60, waitSeconds: 60, columns: columns)
    }
    let (samples, rate) = ("epoch 2/3 61,234 samples", "epoch 2/3 61,234 samples  1,021/s")
    for (columns, line) in [
      (80, "\(rate)  waiting 100 %"), (49, "\(rate)  waiting 100 %"), (48, rate), (34, rate), (33, samples),
      (25, samples), (24, "epoch 2/3"), (10, "epoch 2/3"), (9, ""), (0, ""),
    ] {
      #expect(lines[columns] == line, "\(columns) columns")
    }
    #expect(Set(lines).count == 5)
  }

  @Test func barGivesWayToTheFigures() {
    for (columns, line) in [
      (49, "epoch 2/2 [###...] 75 samples  25/s  waiting 0 %"), (47, "epoch 2/2 [##..] 75 samples  25/s  waiting 0 %"),
      (46, "epoch 2/2 75 samples  25/s  waiting 0 %"), (39, "epoch 2/2 75 samples  25/s"),
    ] {
      #expect(
        ProgressMeter.line(
          epoch: 1, epochs: 2, samples: 75, samplesPerEpoch: 50, seconds: 3, waitSeconds: 0, columns: columns) == line)
    }
  }
}
