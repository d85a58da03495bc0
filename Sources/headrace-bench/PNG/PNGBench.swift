import Headrace
import HeadraceSystem

/// `headrace-bench png`: PNG files that lie in memory, decoded on one core.
///
/// Rounds go through all ways of work; figures are medians over the rounds.
enum PNGBench {
  static func run(_ report: consuming Report, folder: String?) throws {
    var sets = try PNGPictures.made()
    if let folder { sets.append(try PNGPictures.read(folder)) }
    let place = ProcessorAffinity.pair?.second
    if let place { try ProcessorAffinity.pin(to: place) }
    report.begin(
      "png", pinned: place.map { [$0] } ?? [],
      columns: [
        "images", "bytes", "images/s", "libpng", "libdeflate alone", "by libpng", "of libdeflate", "allocations",
      ])
    var bars: [Bar] = []
    for set in sets {
      let result = try measure(set, rounds: report.isBrief ? 1 : 9, seconds: report.isBrief ? 0.02 : 0.1)
      report.add(result.line, result.row)
      bars += result.bars
    }
    report.end(bars)
  }

  private static func measure(_ set: PNGPictures, rounds: Int, seconds: Double) throws -> PNGResult {
    let trial = try PNGTrial(set.files)
    var rates: [PNGTrial.Work: [Double]] = [:]
    for _ in 0..<rounds {
      for work in PNGTrial.Work.allCases { rates[work, default: []].append(try trial.rate(work, seconds: seconds)) }
    }
    func ratio(to other: PNGTrial.Work) -> Double {
      Quantiles(zip(rates[.headrace] ?? [], rates[other] ?? []).map { $0 / $1 }).median
    }
    return PNGResult(
      pictures: set, imagesPerSecond: rates.mapValues { Quantiles($0).median }, ratioToLibpng: ratio(to: .libpng),
      shareOfInflateLimit: ratio(to: .inflate), allocationsPerImage: try trial.allocationsPerImage())
  }
}
