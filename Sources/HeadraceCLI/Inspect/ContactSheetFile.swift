import Headrace
import HeadraceSystem

/// `--contact-sheet`: the first images of a source on one picture, as they are stored or as transforms make them.
struct ContactSheetFile {
  private let path: String
  private let images: Int
  private let decoder: ImageDecoder
  private let seed: UInt64

  static let options: [Option] = [
    .one("--contact-sheet", "FILE", "draw the first images as a PNG file: a grid, each with its label and name"),
    .one("--images", "N", "with --contact-sheet: how many; default 64"),
    .one(
      "--transforms", "LIST",
      "with --contact-sheet: draw what headrace run makes of them, but for normalize"),
    .one("--seed", "N", "with --transforms: that of the run; default 0"),
  ]

  /// - Throws: `UsageError` for what is not possible; nil where no sheet was asked for.
  init?(_ arguments: ParsedArguments) throws(UsageError) {
    guard let path = arguments.value("--contact-sheet") else {
      for option in ["--images", "--transforms", "--seed"] where arguments.has(option) {
        throw UsageError("\(option) is of --contact-sheet, which is missing; give both, or neither")
      }
      return nil
    }
    guard path != "" else { throw UsageError("--contact-sheet is empty; give the path of a file") }
    self.path = path
    images = try arguments.integer("--images", in: 1...10_000, default: 64)
    seed = UInt64(try arguments.integer("--seed", in: 0...Int.max, default: 0))
    let text = arguments.value("--transforms") ?? ""
    var transforms: [ImageTransform] = []
    if !text.isEmpty {
      do throws(HeadraceError) {
        transforms = try ImageTransform.list(text)
      } catch {
        throw RunOptions.mistake(text, error)
      }
    }
    // A picture shows pixels.
    transforms.removeAll { if case .normalize = $0 { true } else { false } }
    decoder = ImageDecoder(transforms)
  }

  /// Reads the first samples, as the first epoch of a run has them, and writes the file. An image that cannot be drawn is
  /// an empty place whose label says so.
  ///
  /// - Throws: what the source throws, and `FileError`; `notFound` where no sample has an image.
  func write(_ source: InputSource) throws {
    var reader = try source.makeReader(epoch: 0)
    var sheet = ContactSheet(columns: min(8, images))
    var position = 0
    while sheet.count < images, let record = try reader.next() {
      defer { position += 1 }
      guard let field = ColumnMapping.imageEndings.lazy.compactMap({ record.field(endingIn: $0) }).first else {
        continue
      }
      let name = record.sampleID.key.split(separator: "/").last.map(String.init) ?? record.sampleID.key
      let label = (try? record.integer("cls")).map { "\($0) " } ?? ""
      do {
        let context = SampleContext(epoch: 0, position: position, stage: "decode")
        var random = context.random(seed: seed, sample: record.sampleID)
        sheet.add(try decoder.image(try record.bytes(field).span, random: &random), label: label + name)
      } catch {
        sheet.add(Image(width: 1, height: 1, channels: .gray, pixels: [255]), label: "BAD \(name)")
      }
    }
    guard sheet.count > 0 else {
      throw HeadraceError(
        .notFound,
        "None of the \(HumanUnits.count(position, "sample")) of \(source.name) has an image to draw; check the path.")
    }
    // In one step: a file that was there stays until the new one is whole.
    let draft = path + ".tmp"
    FileSystem.remove(draft)
    try File(creating: draft).write(try PNG.encode(sheet.image(), compression: 6).span)
    try FileSystem.rename(draft, to: path)
  }
}

extension Record {
  /// The first field whose name ends so: `png` of `png` and `seg.png`.
  fileprivate func field(endingIn ending: String) -> String? {
    fieldNames.first { $0 == ending || $0.hasSuffix("." + ending) }
  }
}
