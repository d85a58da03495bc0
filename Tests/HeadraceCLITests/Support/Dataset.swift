import Headrace

/// Samples with known pixels and labels, to be written in each form that `--source` takes.
struct Dataset: Sendable {
  enum Form: String, CaseIterable, Sendable { case folder, tar, zstd }

  struct Sample: Sendable {
    /// Class folder and name: `cat/07`.
    let key: String
    let label: Int
    let image: TestImage
  }

  /// In the order of their paths' bytes.
  let samples: [Sample]

  /// Images of one size, stored in all ways, in three classes whose names sort otherwise than their paths.
  ///
  /// Path `a-b/...` comes before `a/...`, but class `a` before `a-b`.
  init(count: Int, width: Int = 6, height: Int = 5) {
    let classes = ["a", "a-b", "zebra"]
    let samples = (0..<count).map { index in
      let storage = TestImage.Storage.allCases[index % TestImage.Storage.allCases.count]
      return Sample(
        key: "\(classes[index % 3])/\(index < 10 ? "0" : "")\(index)", label: index % 3,
        image: TestImage(width: width, height: height, storage: storage, seed: index + 1))
    }
    self.samples = samples.sorted { "\($0.key).png".utf8.lexicographicallyPrecedes("\($1.key).png".utf8) }
  }

  /// Writes it below `folder` and returns what to pass as `--source`.
  func write(_ form: Form, to folder: TemporaryFolder) throws -> String {
    let path = folder(form == .folder ? "images" : form == .tar ? "images.tar" : "images.tar.zst")
    if form == .folder {
      for sample in samples { try folder.write("images/\(sample.key).png", try sample.image.png()) }
    } else {
      try Self.writeShard(
        path, compression: form == .zstd ? .zstd(level: 3) : .plain,
        try samples.map { ($0.key, [("png", try $0.image.png()), ("cls", Array("\($0.label)".utf8))]) })
    }
    return path
  }

  static func writeShard(
    _ path: String, compression: ShardCompression = .plain, _ samples: [(String, [(String, [UInt8])])]
  ) throws {
    var writer = try ShardWriter(path: path, compression: compression)
    for (key, fields) in samples {
      try writer.append(key: key, fields: fields.map { (name: $0.0, bytes: $0.1) })
    }
    try writer.finish()
  }

  /// SHA-256 over the pixels of the first `count` samples, `epochs` times.
  func digest(_ channels: ImageChannels = .rgb, count: Int? = nil, epochs: Int = 1) -> String {
    let pixels = samples.prefix(count ?? samples.count).flatMap { $0.image.pixels(channels) }
    return ReferenceSHA256.hex((0..<epochs).flatMap { _ in pixels })
  }
}
