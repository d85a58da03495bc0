import Testing

@testable import HeadraceCLI

/// The progress line, as text.
@Suite struct ProgressMeterTests {
  @Test(arguments: [
    (0, 1, 0, 0.0, 0.0, "epoch 1/1 [........................] 0 samples  0/s  waiting 0 %"),
    (0, 1, 50, 2.0, 0.5, "epoch 1/1 [############............] 50 samples  25/s  waiting 25 %"),
    (0, 1, 100, 4.0, 4.0, "epoch 1/1 [########################] 100 samples  25/s  waiting 100 %"),
    (2, 3, 225, 1.0, 0.0, "epoch 3/3 [######..................] 225 samples  225/s  waiting 0 %"),
    // More than was expected, fewer than a dropped batch left, and a wait that began before the clock.
    (0, 1, 120, 1.0, 9.0, "epoch 1/1 [########################] 120 samples  120/s  waiting 100 %"),
    (1, 2, 90, 1.0, 0.0, "epoch 2/2 [........................] 90 samples  90/s  waiting 0 %"),
  ])
  func barShowsTheEpoch(epoch: Int, epochs: Int, samples: Int, seconds: Double, wait: Double, line: String) {
    #expect(
      ProgressMeter.line(
        epoch: epoch, epochs: epochs, samples: samples, samplesPerEpoch: 100, seconds: seconds, waitSeconds: wait)
        == line)
  }

  @Test(arguments: [nil, 0])
  func withoutACountThereIsNoBar(count: Int?) {
    #expect(
      ProgressMeter.line(epoch: 0, epochs: 9, samples: 7, samplesPerEpoch: count, seconds: 2, waitSeconds: 1)
        == "epoch 1/9 7 samples  4/s  waiting 50 %")
  }
}
