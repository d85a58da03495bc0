import HeadraceCore
import HeadraceImages
import HeadracePipeline
import HeadraceShards

extension Pipeline where Element == Record {
  /// Decodes a field of each record to an image of its own: for pipelines that look at images, or cache or mix them,
  /// before they are batched.
  ///
  /// Where they are batched right away, `batch(_:size:columns:seed:concurrency:ordering:onFailure:partial:options:)`
  /// decodes into the batch, without an image in between.
  ///
  /// - Parameters:
  ///   - fields: names of the field; the first that a record has is taken.
  ///   - decoder: what reads the file, and its transforms, without `normalize`.
  ///   - seed: of random choices.
  ///   - concurrency, ordering, onFailure, options: as of `map`.
  public func decode(
    _ name: String = Column.stageName, from fields: String..., decoder: ImageDecoder = ImageDecoder(), seed: UInt64 = 0,
    concurrency: Concurrency = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    options: StageOptions = .standard
  ) -> Pipeline<DecodedImage> {
    let field = FieldNames(fields)
    return map(
      name, concurrency: concurrency, ordering: ordering, onFailure: onFailure, options: options,
      validating: { () throws(HeadraceError) in
        try field.validate(for: "An image of stage \"\(name)\"")
        try decoder.validateForImages()
      }
    ) { record, context in
      let bytes = try field.bytes(of: record)
      var random = context.random(seed: seed, sample: record.sampleID)
      return DecodedImage(image: try decoder.image(bytes.span, random: &random), record: record)
    }
  }
}

extension Pipeline where Element == DecodedImage {
  /// Transforms each image.
  ///
  /// - Parameters:
  ///   - transforms: in their order; without `normalize`, which makes no pixels.
  ///   - seed: of random choices, which depend on it, epoch, sample and the stage's name.
  ///   - concurrency, ordering, onFailure, options: as of `map`.
  public func transform(
    _ name: String, _ transforms: [ImageTransform], seed: UInt64 = 0, concurrency: Concurrency = 1,
    ordering: Ordering = .input, onFailure: FailurePolicy = .raise, options: StageOptions = .standard
  ) -> Pipeline<DecodedImage> {
    map(
      name, concurrency: concurrency, ordering: ordering, onFailure: onFailure, options: options,
      validating: { () throws(HeadraceError) in
        try ImageTransform.validateForImages(transforms, channels: nil)
      }
    ) { sample, context in
      var random = context.random(seed: seed, sample: sample.sampleID)
      var result = sample
      result.image = try sample.image.transformed(by: transforms, random: &random)
      return result
    }
  }
}
