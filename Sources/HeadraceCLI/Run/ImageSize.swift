import Headrace

/// Width and height in pixels, written `224x160`.
struct ImageSize: Sendable, Hashable, CustomStringConvertible {
  /// The largest width or height that `--size` takes.
  static let maximumExtent = DecodeLimits.default.maximumExtent

  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init(_ text: String) throws(UsageError) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let extents = 1...Self.maximumExtent
    guard parts.count == 2, let width = parts[0], let height = parts[1], extents.contains(width),
      extents.contains(height)
    else {
      throw UsageError(
        "--size \(text) is not possible: it takes WIDTHxHEIGHT in pixels, each from 1 to \(extents.upperBound), such as"
          + " 224x224")
    }
    self.init(width: width, height: height)
  }

  var description: String { "\(width)x\(height)" }
}
