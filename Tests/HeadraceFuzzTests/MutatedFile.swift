import HeadraceCore
import HeadraceFuzz
import HeadraceTestSupport

/// A file of a corpus with damage of one to three kinds, the same in every run.
struct MutatedFile: Sendable, SampleIdentifiable {
  var target: FuzzTarget
  var number: Int

  var sampleID: SampleID { SampleID(key: "\(target)-\(number)") }

  /// Damages one of the files. Of three in four the checksums are mended, so that the damage comes through to what is
  /// behind them.
  func bytes(of corpus: [FuzzCorpus.File]) -> [UInt8] {
    var numbers = Numbers(random: CounterRandom(seed: 18, epoch: number, stage: target.rawValue))
    var bytes = corpus[numbers.below(corpus.count)].bytes
    for _ in 0...numbers.below(3) where !bytes.isEmpty { mutate(&bytes, &numbers) }
    guard numbers.below(4) > 0 else { return bytes }
    return target == .png ? PNGChunks.repaired(bytes) : TarBlocks.repaired(bytes)
  }

  private func mutate(_ bytes: inout [UInt8], _ numbers: inout Numbers) {
    let at = numbers.below(bytes.count)
    switch numbers.below(7) {
    case 0: bytes[at] ^= 1 << UInt8(numbers.below(8))
    case 1: bytes[at] = UInt8(numbers.below(256))
    case 2: bytes[at] = [0, 0x7f, 0x80, 0xff][numbers.below(4)]
    case 3: bytes.remove(at: at)
    case 4: bytes.insert(UInt8(numbers.below(256)), at: at)
    case 5: bytes.removeSubrange(at...)
    // A part of the file once more.
    default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + numbers.below(64))], at: at)
    }
  }

  /// Numbers of the counter, one after the other.
  private struct Numbers {
    let random: CounterRandom
    var index = 0

    mutating func below(_ bound: Int) -> Int {
      defer { index += 1 }
      return random.number(below: bound, at: index)
    }
  }
}
