import Headrace
import Testing

/// What `headrace run` delivers, byte by byte, against pixels that were never encoded.
@Suite struct RunDigestTests {
  static let dataset = Dataset(count: 23)

  @Test(arguments: Dataset.Form.allCases, ["subprocess", "same-process"])
  func digestIsOfThePixelsInPathOrderAtAnyThreadsAndBatchSize(form: Dataset.Form, placement: String) throws {
    let folder = try TemporaryFolder()
    let source = try Self.dataset.write(form, to: folder)
    for threads in [1, 2, 8] {
      for (batch, batches) in [(5, 5), (23, 1), (1, 23)] {
        let report = try Executable.report([
          "--source", source, "--batch", "\(batch)", "--threads", "\(threads)", "--placement", placement, "--digest",
        ])
        #expect(report.imageSha256 == Self.dataset.digest(), "\(threads) threads, batches of \(batch)")
        #expect(report.samples == 23)
        #expect(report.batches == batches)
        #expect(report.epochs == 1)
        #expect(report.placement == placement)
        #expect(report.threads == threads)
      }
    }
  }

  @Test func twoSlotsAreEnough() throws {
    let folder = try TemporaryFolder()
    let source = try Self.dataset.write(.tar, to: folder)
    let report = try Executable.report([
      "--source", source, "--slots", "2", "--batch", "1", "--threads", "8", "--epochs", "3", "--digest",
    ])
    #expect(report.imageSha256 == Self.dataset.digest(epochs: 3))
  }

  @Test(arguments: [ImageChannels.gray, .rgb, .rgba])
  func channelsAreConvertedFromEveryStorage(channels: ImageChannels) throws {
    let folder = try TemporaryFolder()
    let source = try Self.dataset.write(.tar, to: folder)
    let report = try Executable.report(["--source", source, "--channels", "\(channels)", "--digest"])
    #expect(report.imageSha256 == Self.dataset.digest(channels))
  }

  @Test(arguments: [("drop", 20, 4), ("pad", 23, 5), ("emit", 23, 5)])
  func partialBatchesAreDroppedPaddedOrEmitted(partial: String, samples: Int, batches: Int) throws {
    let folder = try TemporaryFolder()
    let source = try Self.dataset.write(.zstd, to: folder)
    let report = try Executable.report([
      "--source", source, "--batch", "5", "--epochs", "2", "--partial", partial, "--digest",
    ])
    #expect(report.samples == 2 * samples)
    #expect(report.batches == 2 * batches)
    #expect(report.epochs == 2)
    #expect(report.imageSha256 == Self.dataset.digest(count: samples, epochs: 2))
  }

  @Test(arguments: Dataset.Form.allCases, [1, 8, 23, 1000])
  func limitTakesTheFirstSamplesOfEachEpoch(form: Dataset.Form, limit: Int) throws {
    let folder = try TemporaryFolder()
    let source = try Self.dataset.write(form, to: folder)
    let report = try Executable.report([
      "--source", source, "--limit", "\(limit)", "--batch", "4", "--epochs", "2", "--digest",
    ])
    #expect(report.samples == 2 * min(limit, 23))
    #expect(report.imageSha256 == Self.dataset.digest(count: limit, epochs: 2))
  }

  @Test(arguments: [ImageChannels.gray, .rgb, .rgba])
  func sizeResizesImagesOfAllSizes(channels: ImageChannels) throws {
    let folder = try TemporaryFolder()
    let images = [(3, 9), (8, 4), (20, 30), (8, 6)].enumerated().map { index, size in
      TestImage(width: size.0, height: size.1, storage: .rgba, seed: index + 7)
    }
    for (index, image) in images.enumerated() { try folder.write("images/\(index).png", try image.png()) }
    let report = try Executable.report([
      "--source", folder("images"), "--size", "8x4", "--channels", "\(channels)", "--digest",
    ])
    let expected = images.flatMap { $0.resized(width: 8, height: 4, channels) }
    #expect(report.imageSha256 == ReferenceSHA256.hex(expected))
  }

  @Test(arguments: ["subprocess", "same-process"])
  func completionOrderDeliversEachSampleOnce(placement: String) throws {
    let folder = try TemporaryFolder()
    let source = try Self.dataset.write(.folder, to: folder)
    for threads in [1, 8] {
      let report = try Executable.report([
        "--source", source, "--ordering", "completion", "--batch", "4", "--epochs", "3", "--threads", "\(threads)",
        "--placement", placement,
      ])
      #expect(report.samples == 3 * 23)
      #expect(report.batches == 3 * 6)
      #expect(report.stage("decode")?.tasks == 3 * 23)
    }
  }

  /// With batches of one sample the digest of each order of three samples is known.
  @Test func completionOrderDeliversTheSamePixels() throws {
    let folder = try TemporaryFolder()
    let dataset = Dataset(count: 3)
    let source = try dataset.write(.tar, to: folder)
    let report = try Executable.report([
      "--source", source, "--ordering", "completion", "--batch", "1", "--threads", "3", "--digest",
    ])
    let images = dataset.samples.map { $0.image.pixels(.rgb) }
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    #expect(orders.map { ReferenceSHA256.hex($0.flatMap { images[$0] }) }.contains(report.imageSha256))
  }

  @Test func severalShardsFollowEachOther() throws {
    let folder = try TemporaryFolder()
    let samples = try Self.dataset.samples.map { ($0.key, [("png", try $0.image.png())]) }
    try Dataset.writeShard(folder("s-0.tar"), Array(samples[..<7]))
    try Dataset.writeShard(folder("s-1.tar"), compression: .zstd(level: 1), Array(samples[7..<8]))
    try Dataset.writeShard(folder("last.tar"), Array(samples[8...]))
    // Without a `cls` in the first sample there is no label to ask for.
    let report = try Executable.report([
      "--source", folder("s-0.tar"), folder("s-1.tar"), "--batch=4", "--source", folder("last.tar"), "--digest",
    ])
    #expect(report.imageSha256 == Self.dataset.digest())
  }

  @Test func columnsChooseFieldsAndTheFirstImageIsDigested() throws {
    let folder = try TemporaryFolder()
    let (left, right) = (Dataset(count: 4), Dataset(count: 4, width: 3, height: 3))
    let samples = try zip(left.samples, right.samples).map { a, b in
      (a.key, [("left.png", try a.image.png()), ("right.png", try b.image.png()), ("a.cls", Array(" -7\n".utf8))])
    }
    try Dataset.writeShard(folder("two.tar"), samples)
    let report = try Executable.report([
      "--source", folder("two.tar"), "--columns", "label=a.cls,second=right.png,first=left.png", "--digest",
    ])
    #expect(report.imageSha256 == right.digest())
    let labels = try Executable.report(["--source", folder("two.tar"), "--columns", "label=a.cls"])
    #expect(labels.samples == 4)
  }
}
