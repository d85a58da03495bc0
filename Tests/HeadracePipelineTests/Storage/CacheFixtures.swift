import HeadraceCore
import HeadraceTestSupport

@testable import HeadracePipeline

/// A sample as tests put it into a cache, and find it there.
struct CacheFixture: Equatable, Sendable {
  var position: Int
  var sample: SampleID?
  var bytes: [UInt8]

  /// Samples of each kind: with and without a name, a path, an offset, bytes.
  static let some = [
    CacheFixture(position: 0, sample: SampleID(key: "d/0", path: "a.tar", offset: 512), bytes: [1, 2, 3]),
    CacheFixture(position: 2, sample: nil, bytes: []),
    CacheFixture(position: 1, sample: SampleID(key: "é", path: nil, offset: nil), bytes: [UInt8](0..<16)),
    CacheFixture(position: 7, sample: SampleID(key: "", path: "", offset: 0), bytes: [9]),
  ]

  /// Writes a whole cache.
  static func write(_ samples: [CacheFixture], to path: String, fingerprint: String = "f") throws {
    var writer = try DiskCacheWriter(path: path, fingerprint: fingerprint)
    for sample in samples {
      guard writer.append(position: sample.position, sample: sample.sample, sample.bytes) else { break }
    }
    try writer.finish()
  }

  /// Reads a cache to its end, and each record once more by its number, from the last to the first.
  static func read(_ path: String, fingerprint: String = "f") throws -> [CacheFixture] {
    var reader = try DiskCacheReader(path: path, fingerprint: fingerprint)
    var samples: [CacheFixture] = []
    while let sample = try reader.next() {
      samples.append(CacheFixture(position: sample.position, sample: sample.sample, bytes: try reader.element()))
    }
    guard samples.count == reader.count else { throw Difference() }
    for index in (0..<reader.count).reversed() {
      try reader.seek(to: index)
      guard let sample = try reader.next() else { throw Difference() }
      let again = CacheFixture(position: sample.position, sample: sample.sample, bytes: try reader.element())
      guard again == samples[index] else { throw Difference() }
    }
    return samples
  }

  /// A record that is another when it is read by its number.
  struct Difference: Error {}
}

/// The error that `body` throws; nil if it throws none, or another kind.
func headraceError(_ body: () throws -> Void) -> HeadraceError? {
  do { try body() } catch { return error as? HeadraceError }
  return nil
}
