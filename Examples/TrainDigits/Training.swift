/// Trains the network on one loader and tests it on another.
struct Training {
  /// Below this, something is wrong with the data or the loader: fed by arrays, this network reaches about 97 % with
  /// any seed.
  static let requiredAccuracy = 0.95
  private static let rate: Float = 0.3

  private let epochs: Int
  private var network: Network
  private var bar = ProgressBar()
  private let clock = ContinuousClock()

  init(epochs: Int, seed: UInt64) {
    self.epochs = epochs
    network = Network(seed: seed)
  }

  /// All epochs, with a progress bar.
  mutating func run(_ loader: inout DigitsLoader) throws {
    var samplesPerEpoch: Int?
    for epoch in 1...epochs {
      var progress = EpochProgress(epoch: epoch, of: epochs, samplesPerEpoch: samplesPerEpoch)
      let start = clock.now
      let waitedBefore = loader.waiting
      try loader.forEachBatch { images, labels, waiting in
        let loss = network.train(images: images, labels: labels, rate: Self.rate)
        progress.add(loss: loss, samples: labels.count)
        progress.elapsed = start.duration(to: clock.now)
        progress.waiting = waiting - waitedBefore
        bar.update(progress)
      }
      bar.finishEpoch(progress)
      samplesPerEpoch = progress.samples
    }
  }

  /// Share of the loader's images that are classified right, 0 to 1.
  mutating func accuracy(_ loader: inout DigitsLoader) throws -> Double {
    var correct = 0
    var count = 0
    try loader.forEachBatch { images, labels, _ in
      correct += network.countCorrect(images: images, labels: labels)
      count += labels.count
    }
    return count == 0 ? 0 : Double(correct) / Double(count)
  }

  /// What data loading costs this training, as one line; the network that was trained stays as it is.
  func headspace(_ loader: consuming DigitsLoader) throws -> String {
    var copy = network
    return try loader.headspace { images, labels in
      _ = copy.train(images: images, labels: labels, rate: Self.rate)
    }
  }
}
