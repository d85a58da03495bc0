/// Text that is compared by its UTF-8 bytes, as names of files are.
///
/// Swift compares strings by what they mean: an é of one scalar equals an e with an accent of its own. To a file system
/// and to tar they are two names, and so they are here: or the image of one sample would get the label of the other.
struct ExactText: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactText, right: ExactText) -> Bool { left.text.hasSameBytes(as: right.text) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension String {
  /// Whether both are the same bytes of UTF-8. Texts that are not even equal in meaning, the usual case, are told at
  /// once.
  func hasSameBytes(as other: String) -> Bool { self == other && utf8.elementsEqual(other.utf8) }
}
