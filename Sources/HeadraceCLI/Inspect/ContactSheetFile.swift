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
  static func requested(by arguments: ParsedArguments) throws(UsageError) -> ContactSheetFile? {
    guard let path = arguments.value("--contact-sheet") else {
      for option in ["--images", "--transforms", "--seed"] where arguments.has(option) {
        throw UsageError("\(option) is of --contact-sheet, which is missing; give both, or neither")
      }
      return nil
    }
    guard path != "" else { throw UsageError("--contact-sheet is empty; give the path of a file") }
    let images = try arguments.integer("--images", in: 1...10_000, default: 64)
    let seed = try arguments.integer("--seed", in: 0...Int.max, default: 0)
    let transforms = try transforms(arguments.value("--transforms") ?? "")
    return ContactSheetFile(path: path, images: images, decoder: ImageDecoder(transforms), seed: UInt64(seed))
  }

  /// Those of a list that make pixels, which a picture shows.
  private static func transforms(_ text: String) throws(UsageError) -> [ImageTransform] {
    guard !text.isEmpty else { return [] }
    do throws(HeadraceError) {
      return try ImageTransform.list(text).filter { if case .normalize = $0 { false } else { true } }
    } catch {
      throw RunOptions.mistake(text, error)
    }
  }

  /// Reads the first samples, as the first epoch of a run has them, and writes the file. An image that cannot be drawn
  /// is an empty place whose label says so.
  ///
  /// - Throws: what the source throws, and `FileError`; `notFound` where no sample has an image.
  func write(_ source: InputSource) throws {
    var reader = try source.makeReader(epoch: 0)
    var sheet = ContactSheet(columns: min(8, images))
    var position = 0
    while sheet.count < images, let record = try reader.next() {
      draw(record, at: position, on: &sheet)
      position += 1
    }
    guard sheet.count > 0 else {
      throw HeadraceError(
        .notFound,
        "None of the \(HumanUnits.count(position, "sample")) of \(source.name) has an image to draw; check the path.")
    }
    let bytes = try PNG.encode(sheet.image(), compression: 6)
    // A file that was there stays until the new one is whole, and none is left where something fails.
    let file = try TemporaryFile(for: path)
    try file.write(bytes.span)
    try file.keep()
  }

  /// Adds the image of a record, if it has one.
  ///
  /// - Parameter position: of the sample in its epoch, by which the run draws.
  private func draw(_ record: Record, at position: Int, on sheet: inout ContactSheet) {
    guard let field = ColumnMapping.imageEndings.lazy.compactMap({ record.field(endingIn: $0) }).first else { return }
    let name = record.sampleID.key.split(separator: "/").last.map(String.init) ?? record.sampleID.key
    let label = (try? record.integer("cls")).map { "\($0) " } ?? ""
    do {
      let context = SampleContext(epoch: 0, position: position, stage: Column.stageName)
      var random = context.random(seed: seed, sample: record.sampleID)
      let bytes = try record.bytes(field)
      sheet.add(try decoder.image(bytes.span, random: &random), label: label + name)
    } catch {
      sheet.add(Image(width: 1, height: 1, channels: .gray, pixels: [255]), label: "BAD \(name)")
    }
  }
}

extension Record {
  /// The first field whose name ends so: `png` of `png` and `seg.png`.
  fileprivate func field(endingIn ending: String) -> String? {
    fieldNames.first { $0 == ending || $0.hasSuffix("." + ending) }
  }
}
