import HeadraceImages
import HeadraceTestSupport

/// The decoder of literals against libdeflate: the same bytes, or a refusal, which another decoder then judges.
enum DeflateFuzz {
  /// The most that is inflated: as large as ratio and length of the input let it be worth while.
  private static let room = 1 << 18

  static func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    let expected = Zlib.inflatePrefix(bytes, room: room)
    let content = expected?.content ?? []
    let blocks = expected.map { Array(bytes.prefix($0.read)) } ?? bytes
    let stream = Zlib.sealed(blocks, of: content)
    for count in [content.count, content.count + 1, max(0, content.count - 1), bytes.count * 2] {
      guard let found = try inflate(stream, count) else { continue }
      guard expected != nil, found == content else {
        throw FuzzFinding("\(found.count) bytes of blocks of which libdeflate makes \(expected?.content.count ?? -1)")
      }
    }
    // One byte less in front of the checksum: never whole.
    if let last = blocks.indices.last, try inflate(Zlib.sealed(blocks[..<last], of: content), content.count) != nil {
      throw FuzzFinding("blocks without their last byte were taken")
    }
  }

  /// With and without the instructions that only some processors have, which must agree.
  private static func inflate(_ stream: [UInt8], _ count: Int) throws(FuzzFinding) -> [UInt8]? {
    let made = [false, true].map { inflate(stream, count, isPlain: $0) }
    guard made[0] == made[1] else { throw FuzzFinding("two loops differ about \(count) bytes") }
    return made[0]
  }

  private static func inflate(_ stream: [UInt8], _ count: Int, isPlain: Bool) -> [UInt8]? {
    guard let inflater = Inflater(isPlain: isPlain) else { return nil }
    var target = [UInt8](repeating: 0xee, count: count)
    let isWhole = unsafe stream.withUnsafeBytes { stream in
      unsafe target.withUnsafeMutableBufferPointer { unsafe inflater.inflate(stream, into: $0, by: .literals) }
    }
    return isWhole ? target : nil
  }
}
