import HeadraceCore
import HeadraceImages
import HeadracePipeline

extension BatchPipeline {
  /// Mixes the images of each batch with one another, and their labels alike, in the slot that the trainer will read.
  ///
  /// Each image is mixed with the one before it in the batch, the first with the last. One of the ways is drawn for
  /// each batch; the choice depends on seed, epoch, the first sample of the batch and the stage's name, so it is the
  /// same with any number of threads and workers as long as batches are in input order.
  ///
  /// ```swift
  /// let pipeline = Pipeline(from: source)
  ///   .batch(
  ///     size: 64,
  ///     columns: [
  ///       .image("image", from: "jpg", dtype: .float32, decoder: images),
  ///       .oneHot("label", from: "cls", classes: 1000),
  ///     ])
  ///   .mixing(.mixUp(alpha: 0.2), .cutMix(), images: "image", layout: .chw, labels: "label", seed: 7)
  /// ```
  ///
  /// - Parameters:
  ///   - ways: all equally likely; one at least.
  ///   - probability: that a batch is mixed at all, from 0 to 1.
  ///   - images: a tensor of images of one size: uint8, float16, bfloat16 or float32.
  ///   - layout: how its elements lie.
  ///   - labels: a tensor of float16, bfloat16 or float32, such as `Column.oneHot` makes; nil: there is none.
  ///   - seed: of random choices.
  /// - Complexity: O(elements of a batch) for each, beside the samples that other threads decode meanwhile.
  public func mixing(
    _ ways: ImageMixing..., probability: Double = 1, images: String, layout: ImageLayout = .hwc, labels: String?,
    seed: UInt64 = 0
  ) -> BatchPipeline {
    let mixing = BatchMixing(
      ways: ways, probability: probability, images: images, layout: layout, labels: labels, seed: seed)
    return finishing(
      BatchFinish(
        validate: { spec throws(HeadraceError) in try mixing.validate(spec) },
        run: { batch throws(HeadraceError) in try mixing.run(&batch) }))
  }
}
