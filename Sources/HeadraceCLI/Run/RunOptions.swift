import Headrace

/// What `headrace run` was asked to do.
struct RunOptions: Sendable {
  let sources: [String]
  let columns: ColumnMapping?
  /// What becomes of each image; nothing where all must have the same size.
  let transforms: [ImageTransform]
  let channels: ImageChannels
  let layout: ImageLayout
  let dtype: DType
  let batch: Int
  let epochs: Int
  let threads: Int?
  let workers: Int?
  let concurrency: Concurrency?
  let slots: Int
  let placement: Placement
  let ordering: Ordering
  let partial: PartialBatch
  let limit: Int?
  let cache: Cache?
  let shuffle: Int?
  /// Of the shuffle, and of random transforms.
  let seed: UInt64
  let failurePolicy: FailurePolicy
  let maximumFailures: Int
  let digest: Bool
  let metrics: String?
  let readers: Readers?
  let json: Bool

  static let options: [Option] = [
    .many(
      "--source", "PATH...",
      "a folder of images (one subfolder per class, or flat), or tar and tar.zst shards; {000000..000099} is expanded"
    ),
    .one(
      "--columns", "T=F,...",
      "tensors and the fields they come from; default image=png/jpg/jpeg/webp,label=cls, where there are labels"),
    .one("--size", "WxH", "resize images (bilinear, antialiased); without it all must have the same size"),
    .one(
      "--transforms", "LIST",
      "what becomes of each image, such as 'random_resized_crop(224),normalize(imagenet)'"),
    .one("--channels", "C", "gray, rgb or rgba; default rgb"),
    .one("--layout", "L", "hwc (default), or chw: a plane for each channel"),
    .one("--dtype", "T", "uint8 (default); float32, float16 or bfloat16: normalized, or from 0 to 1"),
    .one("--batch", "N", "samples in a batch; default 64"),
    .one("--epochs", "E", "passes over the data; default 1"),
    .one("--threads", "T", "threads that decode; default: the processors of this process, divided by W with --workers"),
    .one(
      "--workers", "W",
      "decode in W further processes of T threads each, so that a file that crashes one costs that file"),
    .one("--concurrency", "C", "samples decoded at once: a number, or auto; default: as many as threads in all"),
    .one("--slots", "S", "batches that can exist at one time; default 8"),
    .one("--placement", "P", "subprocess (default) or same-process"),
    .one("--ordering", "O", "input (default): batches in the order of the source; completion: first done, first out"),
    .one("--partial", "P", "the last samples of an epoch, short of a batch: emit (default), pad or drop"),
    .one("--limit", "N", "take only the first N samples of each epoch"),
    .one(
      "--cache", "WHERE",
      "keep the samples of the first epoch, not decoded, for later ones: memory:BYTES, or disk:PATH for later runs"
        + " too"),
    .one("--shuffle", "SIZE", "another order in each epoch, at random within a buffer of SIZE samples"),
    .one("--seed", "N", "another seed gives another order of --shuffle, and other random transforms; default 0"),
    .one("--retries", "N", "try a sample that fails up to N times more, after 0.1 s, 0.2 s and so on; default 0"),
    .one(
      "--max-failures", "N", "leave out up to N bad samples per epoch and list them; default 0: the first is an error"),
    .one("--quarantine", "PATH", "with --max-failures: keep those samples in a folder, each with its error"),
    .flag("--digest", "print image_sha256: SHA-256 over the image bytes of all batches in the order delivered"),
    .one("--metrics", "FILE", "write statistics for Prometheus to FILE, every second and at the end"),
    .one("--readers", "N", "serve N other processes, which read with headrace attach, and take no batch itself"),
    .one("--sharing", "S", "with --readers: broadcast (default), each batch to all; partition, in turn; or first-come"),
    .one("--socket", "PATH", "with --readers: where they attach"),
    .flag("--json", "print one JSON object"),
    .flag("--help", "print this"),
  ]

  static let help = HelpText(
    usage: "headrace run --source PATH... [OPTION...]",
    about: """
      Loads a data set as a trainer would: samples are read and decoded in a worker process, written into batches in \
      shared memory, and each batch is taken and given back. Reports how fast it went and where the time was spent.
      """,
    options: options,
    examples: [
      "headrace run --source data/train --batch 64 --threads 2",
      "headrace run --source 'train-{000..099}.tar.zst' --size 224x224 --json",
    ])

  init(_ arguments: ParsedArguments) throws(UsageError) {
    if let word = arguments.positional.first {
      throw UsageError("\"\(word)\" belongs to no option; sources are given as --source \(word)")
    }
    sources = arguments.all("--source")
    guard !sources.isEmpty else {
      throw UsageError("--source is missing: name a folder or shards, see 'headrace run --help'")
    }
    if let text = arguments.value("--columns") { columns = try ColumnMapping(text) } else { columns = nil }
    transforms = try Self.transforms(arguments)
    channels = try arguments.choice(
      "--channels", [("gray", .gray), ("rgb", .rgb), ("rgba", .rgba)], default: .rgb)
    layout = try arguments.choice("--layout", ImageLayout.allCases.map { ($0.rawValue, $0) }, default: .hwc)
    dtype = try arguments.choice(
      "--dtype", [DType.uint8, .float32, .float16, .bfloat16].map { ("\($0)", $0) }, default: .uint8)
    batch = try arguments.integer("--batch", in: 1...BatchSpec.maximumSize, default: 64)
    epochs = try arguments.integer("--epochs", in: 1...1_000_000_000, default: 1)
    // The ring has one entry for what each thread is at.
    threads = try arguments.integer("--threads", in: 1...RingLayout.inFlightEntryCount)
    workers = try arguments.integer("--workers", in: 1...LoaderSize.maximumWorkerCount)
    concurrency = try Self.concurrency(arguments)
    slots = try arguments.integer("--slots", in: 2...RingGeometry.maximumSlotCount, default: 8)
    placement = try arguments.choice(
      "--placement", Placement.allCases.map { ($0.rawValue, $0) }, default: .subprocess)
    ordering = try arguments.choice(
      "--ordering", [("input", .input), ("completion", .completion)], default: .input)
    partial = try arguments.choice(
      "--partial", [("emit", .emit), ("pad", .pad), ("drop", .drop)], default: .emit)
    limit = try arguments.integer("--limit", in: 1...Int.max)
    cache = try arguments.value("--cache").map(Cache.init(option:))
    shuffle = try arguments.integer("--shuffle", in: 1...(1 << 24))
    seed = UInt64(try arguments.integer("--seed", in: 0...Int.max, default: 0))
    guard !arguments.has("--seed") || shuffle != nil || arguments.has("--transforms") else {
      throw UsageError(
        "--seed is of --shuffle and --transforms, and both are missing; give one of them, or leave it out")
    }
    maximumFailures = try arguments.integer("--max-failures", in: 0...Int.max, default: 0)
    failurePolicy = try Self.failurePolicy(arguments, maximumFailures)
    digest = arguments.has("--digest")
    if digest, let columns, !columns.columns.contains(where: { $0.kind == .image }) {
      let text = arguments.value("--columns") ?? ""
      throw UsageError("--digest is over images, and --columns \(text) names no image; name one, or leave it out")
    }
    metrics = arguments.value("--metrics")
    guard metrics != "" else { throw UsageError("--metrics is empty; give the path of a file") }
    readers = try Self.readers(arguments, digest: digest, placement)
    json = arguments.has("--json")
    try checkTransforms(arguments)
  }

  /// What one sample contributes to the tensor of an image.
  ///
  /// - Parameter size: that all images have; nil where transforms say it.
  func tensorSpec(_ name: String, _ decoder: ImageDecoder, _ size: ImageSize?) throws(HeadraceError) -> TensorSpec {
    var spec = TensorSpec(name, dtype)
    if let size {
      spec.shape =
        layout == .hwc ? [size.height, size.width, channels.rawValue] : [channels.rawValue, size.height, size.width]
    } else {
      spec = try decoder.tensorSpec(name, dtype)
    }
    if channels == .gray, layout == .hwc { spec.shape.removeLast() }
    return spec
  }

  private static func transforms(_ arguments: ParsedArguments) throws(UsageError) -> [ImageTransform] {
    let size = try arguments.value("--size").map(ImageSize.init)
    guard let text = arguments.value("--transforms") else {
      return size.map { [.resize(width: $0.width, height: $0.height)] } ?? []
    }
    guard size == nil else {
      throw UsageError(
        "--size and --transforms both say what becomes of images; put resize(WIDTHxHEIGHT) into the latter")
    }
    do throws(HeadraceError) {
      return try ImageTransform.list(text)
    } catch {
      throw Self.mistake(text, error)
    }
  }

  /// Whether images can be transformed so, before anything is opened.
  private func checkTransforms(_ arguments: ParsedArguments) throws(UsageError) {
    guard let text = arguments.value("--transforms") else { return }
    do throws(HeadraceError) {
      _ = try ImageDecoder(transforms, channels: channels, layout: layout).tensorSpec("image", dtype)
    } catch {
      throw Self.mistake(text, error)
    }
  }

  /// An error of a list of transforms, in the words of the command.
  static func mistake(_ text: String, _ error: HeadraceError) -> UsageError {
    UsageError("--transforms \(text): \(error.message.last == "." ? String(error.message.dropLast()) : error.message)")
  }

  private static func readers(
    _ arguments: ParsedArguments, digest: Bool, _ placement: Placement
  ) throws(UsageError) -> Readers? {
    let sharing = try arguments.choice("--sharing", Sharing.allCases.map { ($0.rawValue, $0) }, default: .broadcast)
    let path = arguments.value("--socket")
    guard let count = try arguments.integer("--readers", in: 1...ReaderSet.maximumCount) else {
      for option in ["--sharing", "--socket"] where arguments.has(option) {
        throw UsageError("\(option) is of --readers, which is missing; give both, or neither")
      }
      return nil
    }
    guard let path, path != "" else { throw UsageError("--readers needs --socket PATH, where they attach") }
    guard !digest else {
      throw UsageError("--digest is of what is read, and with --readers others read; give it to headrace attach")
    }
    guard placement == .subprocess else {
      throw UsageError("--readers needs --placement subprocess: others cannot read what threads of this process make")
    }
    return Readers(count: count, sharing: sharing, path: path, includesThisProcess: false)
  }

  private static func concurrency(_ arguments: ParsedArguments) throws(UsageError) -> Concurrency? {
    let bounds = 1...PipelinePlan.maximumConcurrency
    switch arguments.value("--concurrency") {
    case nil: return nil
    case "auto"?: return .automatic
    case let text?:
      guard let count = Int(text), bounds.contains(count) else {
        throw UsageError(
          "--concurrency \(text) is not possible: it takes auto, or a whole number from 1 to \(bounds.upperBound)")
      }
      return .fixed(count)
    }
  }

  private static func failurePolicy(
    _ arguments: ParsedArguments, _ maximumFailures: Int
  ) throws(UsageError) -> FailurePolicy {
    var policy = maximumFailures == 0 ? FailurePolicy.raise : .skip(upTo: maximumFailures)
    if let folder = arguments.value("--quarantine") {
      guard folder != "" else { throw UsageError("--quarantine is empty; give the path of a folder") }
      guard maximumFailures > 0 else {
        throw UsageError("--quarantine keeps the samples that --max-failures allows; give --max-failures 1 or more too")
      }
      policy = .quarantine(folder, upTo: maximumFailures)
    }
    let retries = try arguments.integer("--retries", in: 0...1000, default: 0)
    return retries == 0 ? policy : .retry(times: retries, then: policy)
  }
}
