import HeadraceCore

/// Makes lines of bytes that come in pieces: a pure value.
struct LineSplitter {
  private var rest: [UInt8] = []
  /// Whether the rest of a line is left out, since it is too long.
  private var isSkipping = false

  /// Of a longer line the beginning is taken.
  static let longestLine = 4_096
  private static let lineFeed = UInt8(ascii: "\n")

  /// Takes what has come. Returns the lines that have ended, without their line feeds. A line of `LoaderLog` also ends
  /// what somebody has begun to write before it.
  mutating func take(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var bytes = bytes[...]
    while let end = bytes.firstIndex(where: { $0 == Self.lineFeed || $0 == LogFrame.begin }) {
      add(bytes[..<end])
      let isFrame = bytes[end] == LogFrame.begin
      if !isFrame || !rest.isEmpty { lines.append(rest) }
      rest = isFrame ? [LogFrame.begin] : []
      isSkipping = false
      bytes = bytes[bytes.index(after: end)...]
    }
    add(bytes)
    return lines
  }

  /// What has come since the last line feed; nil: nothing.
  mutating func end() -> [UInt8]? {
    defer { rest = [] }
    return rest.isEmpty ? nil : rest
  }

  private mutating func add(_ bytes: some Collection<UInt8>) {
    guard !isSkipping else { return }
    rest += bytes.prefix(Self.longestLine - rest.count)
    isSkipping = rest.count == Self.longestLine
  }
}
