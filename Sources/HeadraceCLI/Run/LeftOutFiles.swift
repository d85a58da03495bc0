import Headrace

/// Files of a folder that are no samples, because they have another extension.
struct LeftOutFiles: Encodable {
  /// Without its dot, in lower case; empty for files without one.
  let `extension`: String
  let files: Int

  /// The most frequent first.
  static func of(_ counts: [String: Int]) -> [LeftOutFiles] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { LeftOutFiles(extension: $0.key, files: $0.value) }
  }

  /// For example `3 .jpg` or `1 without extension`.
  var text: String { "\(HumanUnits.count(files)) \(`extension`.isEmpty ? "without extension" : ".\(`extension`)")" }
}
