/// One marker segment of a JPEG file: a code, and data of a length that stands before it. ITU-T T.81, section B.1.1.4.
struct JPEGSegment {
  static let startOfScan: UInt8 = 0xda
  static let endOfImage: UInt8 = 0xd9
  /// Where Exif metadata is.
  static let application1: UInt8 = 0xe1

  let code: UInt8
  /// Where its data lies in the file; empty for a marker that has none.
  let data: Range<Int>

  /// Whether it is a frame header. The codes between them are tables of Huffman (C4) and arithmetic coding (CC), and a
  /// reserved one (C8).
  var isFrame: Bool { (0xc0...0xcf).contains(code) && code != 0xc4 && code != 0xc8 && code != 0xcc }

  /// Finds the next marker at or after `start`; nil where the file ends before its data does.
  ///
  /// Bytes before the marker are passed over, as libjpeg does.
  init?(_ bytes: Span<UInt8>, from start: Int) {
    var position = start
    while true {
      while position < bytes.count, bytes[position] != 0xff { position += 1 }
      while position < bytes.count, bytes[position] == 0xff { position += 1 }
      guard position < bytes.count else { return nil }
      if bytes[position] != 0 { break }
    }
    code = bytes[position]
    position += 1
    // Restarts, start and end of image, and 01 stand alone.
    if (0xd0...0xd9).contains(code) || code == 0x01 {
      data = position..<position
      return
    }
    guard bytes.count - position >= 2 else { return nil }
    let length = max(2, Int(bytes[position]) << 8 | Int(bytes[position + 1]))
    guard length <= bytes.count - position else { return nil }
    data = (position + 2)..<(position + length)
  }
}
