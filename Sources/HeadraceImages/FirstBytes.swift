/// The start of a file for an error's text, so that a reader sees what it is instead of an image.
enum FirstBytes {
  /// Up to 8 bytes in hexadecimal, such as `89 50 4e 47`.
  static func text(of bytes: Span<UInt8>) -> String {
    (0..<min(8, bytes.count)).map { i in
      let digits = String(bytes[i], radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined(separator: " ")
  }
}
