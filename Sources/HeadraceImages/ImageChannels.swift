/// What a pixel of an 8-bit image is made of; the raw value is its number of bytes.
public enum ImageChannels: Int, Hashable, Sendable, CaseIterable {
  /// One byte: luma as in ITU-R BT.601.
  case gray = 1
  /// Three bytes: red, green, blue.
  case rgb = 3
  /// Four bytes: red, green, blue, alpha; not premultiplied, 255 is opaque.
  case rgba = 4
}

extension ImageChannels: CustomStringConvertible {
  /// For example `rgb`.
  public var description: String {
    switch self {
    case .gray: "gray"
    case .rgb: "rgb"
    case .rgba: "rgba"
    }
  }
}
