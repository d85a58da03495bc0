import Headrace

/// The pipeline of `headrace run`: records to batches of images and labels.
struct ImagePipeline {
  let pipeline: BatchPipeline
  /// The first tensor that holds images; the digest is over its bytes.
  let imageTensor: String?
  /// What one sample contributes to a batch.
  let tensors: [TensorSpec]
  /// Whether `--columns` would have taken a label, but the first sample has none.
  let lacksLabel: Bool

  /// Looks at the first records to find out what the options leave open: the columns, and the size of the images.
  ///
  /// - Throws: What the source throws; `notFound` when it holds no sample; what `ReferenceImage` throws.
  init(_ source: InputSource, _ options: RunOptions, threads: Int) throws {
    try source.validate()
    var reader = try source.makeReader(epoch: 0)
    guard let first = try reader.next() else {
      throw HeadraceError(.notFound, "The source (\(source.name)) holds no sample; check --source.")
    }
    let mapping = options.columns ?? .automatic(hasLabel: first.has("cls"))
    let images = mapping.columns.filter { $0.kind == .image }
    let reference =
      options.transforms.isEmpty && !images.isEmpty
      ? try ReferenceImage(first, &reader, columns: images, tolerated: options.maximumFailures) : nil
    let decoder = ImageDecoder(options.transforms, channels: options.channels, layout: options.layout)
    var tensors: [TensorSpec] = []
    var writers: [@Sendable (Record, inout Row) throws -> Void] = []
    for column in mapping.columns {
      let name = column.tensor
      switch column.kind {
      case .image:
        let size = reference?.sizes[name]
        let spec = try options.tensorSpec(name, decoder, size)
        tensors.append(spec)
        let image = ImageColumn(
          column: column, decoder: decoder,
          reference: reference.flatMap { reference in size.map { (reference.sample, $0) } },
          seed: options.seed)
        writers.append { try image.write($0, &$1) }
      case .label, nil:
        tensors.append(TensorSpec(name, .int64))
        let field = column.fields[0]
        writers.append { record, row in try row.write(Int64(try record.integer(field)), to: name) }
      }
    }
    let columnWriters = writers
    self.tensors = tensors
    lacksLabel = options.columns == nil && !first.has("cls")
    imageTensor = images.first?.tensor
    var records = Pipeline(from: source)
    // What is kept is in the order of the source, so that each epoch has another one.
    if let cache = options.cache { records = records.cache(cache) }
    if let shuffle = options.shuffle { records = records.shuffle(size: shuffle, seed: options.seed) }
    pipeline = records.batch(
      Column.stageName, BatchSpec(size: options.batch, tensors: tensors),
      concurrency: options.concurrency ?? .fixed(threads), ordering: options.ordering, onFailure: options.failurePolicy,
      partial: options.partial
    ) { record, row in
      do {
        for write in columnWriters { try write(record, &row) }
      } catch let error as HeadraceError {
        throw MissingField.explained(error, record, mapping.columns)
      }
    }
  }
}
