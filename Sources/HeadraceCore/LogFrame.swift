/// A line of a log on its way from the process that says it: through its standard error, among lines that other code
/// writes there.
///
/// ```
/// 1E level 1F stage 1F sample 1F text 0A          said with LoaderLog: the bytes 1E and 1F are separators of ASCII
/// text 0A                                         anything else
/// ```
package struct LogFrame: Sendable, Hashable, CustomStringConvertible {
  /// Nil: it was written to standard error by other means.
  package var level: LogLevel?
  /// The stage that was at work; nil if that is not known.
  package var stage: String?
  /// The sample that was.
  package var sample: String?
  /// Without a line feed.
  package var text: String

  /// - Parameters:
  ///   - stage, sample: of a longer name the last 100 bytes, control characters replaced.
  ///   - text: of a longer one the first 800 bytes.
  package init(level: LogLevel? = nil, stage: String? = nil, sample: String? = nil, text: String) {
    self.level = level
    self.stage = stage.map(Self.label)
    self.sample = sample.map(Self.label)
    self.text = Self.shortened(text)
  }

  /// For people: `warning: no label (stage "decode" at a/b.png)`.
  package var description: String {
    let line = (level.map { "\($0.rawValue): " } ?? "") + text
    guard let stage else { return line }
    return line + " (stage \"\(stage)\"" + (sample.map { " at \($0))" } ?? ")")
  }

  /// What the line of a log begins with, and no other.
  package static let begin = UInt8(0x1E)
  private static let separator = UInt8(0x1F)
  private static let lineFeed = UInt8(ascii: "\n")
  /// The longest text of a line, in bytes; what is beyond is left out, and an ellipsis tells of it.
  package static let textByteCount = 800
  private static let labelByteCount = 100

  /// The lines of a text.
  package static func frames(_ level: LogLevel, stage: String?, sample: String?, text: String) -> [LogFrame] {
    // Bytes, since a carriage return and a line feed are one Character.
    text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).map { line in
      LogFrame(level: level, stage: stage, sample: sample, text: String(Substring(line)))
    }
  }

  /// As it is sent, with a line feed.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    if let level {
      bytes += [Self.begin] + Array(level.rawValue.utf8) + [Self.separator]
      bytes += Array((stage ?? "").utf8) + [Self.separator] + Array((sample ?? "").utf8) + [Self.separator]
    }
    return bytes + text.utf8 + [Self.lineFeed]
  }

  /// A line without its line feed.
  package init(line: some Collection<UInt8>) {
    if line.first == Self.begin {
      let parts = line.dropFirst()
        .split(separator: Self.separator, maxSplits: 3, omittingEmptySubsequences: false)
      if parts.count == 4, let level = LogLevel(rawValue: String(decoding: parts[0], as: UTF8.self)) {
        self.init(
          level: level, stage: Self.text(parts[1]), sample: Self.text(parts[2]),
          text: String(decoding: parts[3], as: UTF8.self))
        return
      }
    }
    self.init(text: String(decoding: line, as: UTF8.self))
  }

  private static func text(_ bytes: some Collection<UInt8>) -> String? {
    bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// The end of a name, which tells more than its beginning, and nothing that ends a field or a line.
  private static func label(_ name: String) -> String {
    var label = ""
    for scalar in String(Substring(name.utf8.wholeSuffix(labelByteCount))).unicodeScalars {
      label.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return label
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > textByteCount else { return text }
    return String(Substring(text.utf8.wholePrefix(textByteCount - "…".utf8.count))) + "…"
  }
}
