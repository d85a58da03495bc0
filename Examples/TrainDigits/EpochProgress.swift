/// How far an epoch is, in the figures that the progress bar shows.
struct EpochProgress {
  /// Counted from 1.
  var epoch: Int
  var epochs: Int
  /// Samples seen in this epoch, and how many an epoch has if one has passed already.
  var samples = 0
  var samplesPerEpoch: Int?
  private var lossSum: Float = 0
  private var batches = 0
  /// Since the epoch began.
  var elapsed = Duration.zero
  /// Of that, spent waiting for a batch.
  var waiting = Duration.zero

  init(epoch: Int, of epochs: Int, samplesPerEpoch: Int?) {
    self.epoch = epoch
    self.epochs = epochs
    self.samplesPerEpoch = samplesPerEpoch
  }

  mutating func add(loss: Float, samples count: Int) {
    lossSum += loss
    batches += 1
    samples += count
  }

  /// Mean of the batches' losses.
  var loss: Float { batches == 0 ? 0 : lossSum / Float(batches) }

  var imagesPerSecond: Int { elapsed > .zero ? Int(Double(samples) / (elapsed / .seconds(1))) : 0 }

  /// Share of time spent waiting for data, 0 to 1.
  var waitingShare: Double { elapsed > .zero ? min(waiting / elapsed, 1) : 0 }

  /// Share of the whole training that is done, 0 to 1.
  var fraction: Double {
    let within = samplesPerEpoch.map { Double(samples) / Double(max($0, 1)) } ?? 0
    return min((Double(epoch - 1) + min(within, 1)) / Double(max(epochs, 1)), 1)
  }
}
