import Headrace

/// What is to be done with the batches of a loader.
struct ConsumptionOptions {
  /// Epochs to read; nil: as many as there are.
  var epochs: Int?
  /// Batches to read; nil: all.
  var batchLimit: Int?
  /// Where the loader runs; nil: it is another process's.
  var placement: Placement?
  /// Whether what is short of a batch at the end of an epoch is left out.
  var dropsShortBatches = false
  /// Whether to hash the bytes of images.
  var digest = false
}

extension ConsumptionOptions {
  /// What `headrace run` does with them.
  init(_ options: RunOptions) {
    self.init(
      epochs: options.epochs, placement: options.placement, dropsShortBatches: options.partial == .drop,
      digest: options.digest)
  }
}
