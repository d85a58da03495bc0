import Headrace

/// What `headrace run` was asked to do.
struct RunOptions: Sendable {
  let sources: [String]
  let columns: ColumnMapping?
  let size: ImageSize?
  let channels: ImageChannels
  let batch: Int
  let epochs: Int
  let threads: Int?
  let slots: Int
  let placement: Placement
  let ordering: Ordering
  let partial: PartialBatch
  let limit: Int?
  let maximumFailures: Int
  let digest: Bool
  let metrics: String?
  let json: Bool

  static let options: [Option] = [
    .many(
      "--source", "PATH...",
      "a folder of PNG files (one subfolder per class, or flat), or tar and tar.zst shards; {000000..000099} is expanded"
    ),
    .one(
      "--columns", "T=F,...",
      "tensors and the fields they come from; default image=png,label=cls, where there are labels"),
    .one("--size", "WxH", "resize images (bilinear, antialiased); without it all must have the same size"),
    .one("--channels", "C", "gray, rgb or rgba; default rgb"),
    .one("--batch", "N", "samples in a batch; default 64"),
    .one("--epochs", "E", "passes over the data; default 1"),
    .one("--threads", "T", "threads that decode; default: the processors of this process"),
    .one("--slots", "S", "batches that can exist at one time; default 8"),
    .one("--placement", "P", "subprocess (default) or same-process"),
    .one("--ordering", "O", "input (default): batches in the order of the source; completion: first done, first out"),
    .one("--partial", "P", "the last samples of an epoch, short of a batch: emit (default), pad or drop"),
    .one("--limit", "N", "take only the first N samples of each epoch"),
    .one(
      "--max-failures", "N", "leave out up to N bad samples per epoch and list them; default 0: the first is an error"),
    .flag("--digest", "print image_sha256: SHA-256 over the image bytes of all batches in the order delivered"),
    .one("--metrics", "FILE", "write statistics for Prometheus to FILE, every second and at the end"),
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
    if let text = arguments.value("--size") { size = try ImageSize(text) } else { size = nil }
    channels = try arguments.choice(
      "--channels", [("gray", .gray), ("rgb", .rgb), ("rgba", .rgba)], default: .rgb)
    batch = try arguments.integer("--batch", in: 1...BatchSpec.maximumSize, default: 64)
    epochs = try arguments.integer("--epochs", in: 1...1_000_000_000, default: 1)
    // The ring has one entry for what each thread is at.
    threads = try arguments.integer("--threads", in: 1...RingLayout.inFlightEntryCount)
    slots = try arguments.integer("--slots", in: 2...RingGeometry.maximumSlotCount, default: 8)
    placement = try arguments.choice(
      "--placement", Placement.allCases.map { ($0.rawValue, $0) }, default: .subprocess)
    ordering = try arguments.choice(
      "--ordering", [("input", .input), ("completion", .completion)], default: .input)
    partial = try arguments.choice(
      "--partial", [("emit", .emit), ("pad", .pad), ("drop", .drop)], default: .emit)
    limit = try arguments.integer("--limit", in: 1...Int.max)
    maximumFailures = try arguments.integer("--max-failures", in: 0...Int.max, default: 0)
    digest = arguments.has("--digest")
    if digest, let columns, !columns.columns.contains(where: { $0.kind == .image }) {
      let text = arguments.value("--columns") ?? ""
      throw UsageError("--digest is over images, and --columns \(text) names no png field; name one, or leave it out")
    }
    metrics = arguments.value("--metrics")
    guard metrics != "" else { throw UsageError("--metrics is empty; give the path of a file") }
    json = arguments.has("--json")
  }
}
