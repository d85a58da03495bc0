import Headrace

/// What decoding files of one kind came to.
struct PNGResult {
  let pictures: PNGPictures
  let imagesPerSecond: [PNGTrial.Work: Double]
  let ratioToLibpng: Double
  let shareOfInflateLimit: Double
  let allocationsPerImage: Double

  /// Bytes of a file, on average.
  private var fileBytes: Int { pictures.files.map(\.count).reduce(0, +) / pictures.files.count }

  var line: JSONLine {
    var line = JSONLine()
    line.add("bench", "png")
    line.add("images", pictures.name)
    line.add("files", pictures.files.count)
    line.add("file_bytes", fileBytes)
    line.add("images_per_second", imagesPerSecond[.headrace], places: 1)
    line.add("libpng_images_per_second", imagesPerSecond[.libpng], places: 1)
    line.add("inflate_images_per_second", imagesPerSecond[.inflate], places: 1)
    line.add("ratio_to_libpng", ratioToLibpng, places: 3)
    line.add("share_of_inflate_limit", shareOfInflateLimit, places: 3)
    line.add("allocations_per_image", allocationsPerImage, places: 3)
    return line
  }

  var row: [String] {
    [pictures.name, HumanUnits.count(fileBytes, "byte")]
      + PNGTrial.Work.allCases.map { HumanUnits.decimal(imagesPerSecond[$0] ?? 0, places: 0) }
      + [ratioToLibpng, shareOfInflateLimit].map { HumanUnits.decimal($0, places: 2) }
      + [HumanUnits.decimal(allocationsPerImage, places: 1)]
  }

  var bars: [Bar] {
    var bars = [
      Bar(
        claim: "\(pictures.name): at least \(pictures.leastRatio) times libpng",
        value: HumanUnits.decimal(ratioToLibpng, places: 2), isMet: ratioToLibpng >= pictures.leastRatio)
    ]
    if let least = pictures.leastShare {
      bars.append(
        Bar(
          claim: "\(pictures.name): at least \(least) of libdeflate alone",
          value: HumanUnits.decimal(shareOfInflateLimit, places: 2), isMet: shareOfInflateLimit >= least))
    }
    return bars
  }
}
