/// Finds the orientation in Exif metadata, which is a TIFF file of its own within the image's file.
///
/// Offsets come from the file: one that leads out of it means that there is no orientation, never an error.
///
/// See TIFF 6.0, section 2, and Exif 2.32 (CIPA DC-008), section 4.6.
enum ExifOrientation {
  /// The orientation in the first directory of `tiff`, which begins with the byte order; `topLeft` where there is none.
  ///
  /// - Complexity: O(entries of the directory).
  static func read(_ tiff: Span<UInt8>) -> ImageOrientation {
    guard tiff.count >= 8 else { return .topLeft }
    let isLittle: Bool
    switch (tiff[0], tiff[1]) {
    case (UInt8(ascii: "I"), UInt8(ascii: "I")): isLittle = true
    case (UInt8(ascii: "M"), UInt8(ascii: "M")): isLittle = false
    default: return .topLeft
    }
    func number(at start: Int, byteCount: Int) -> Int {
      (0..<byteCount).reduce(0) { sum, i in
        sum << 8 | Int(tiff[start + (isLittle ? byteCount - 1 - i : i)])
      }
    }
    guard number(at: 2, byteCount: 2) == 42 else { return .topLeft }
    let directory = number(at: 4, byteCount: 4)
    guard directory <= tiff.count - 2 else { return .topLeft }
    for i in 0..<number(at: directory, byteCount: 2) {
      // Tag, type, count, and a value of up to 4 bytes; a SHORT is type 3.
      let entry = directory + 2 + 12 * i
      guard entry <= tiff.count - 12 else { return .topLeft }
      guard number(at: entry, byteCount: 2) == 0x112 else { continue }
      guard number(at: entry + 2, byteCount: 2) == 3, number(at: entry + 4, byteCount: 4) == 1 else { return .topLeft }
      return ImageOrientation(rawValue: number(at: entry + 8, byteCount: 2)) ?? .topLeft
    }
    return .topLeft
  }
}
