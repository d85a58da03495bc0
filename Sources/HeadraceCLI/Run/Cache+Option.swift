import Headrace

extension Cache {
  /// The value of `--cache`: `memory:BYTES` or `disk:PATH`.
  init(option text: String) throws(UsageError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, parts[0] == "memory", let bytes = Int(parts[1]), bytes > 0 {
      self = .memory(bytes: bytes)
    } else if parts.count == 2, parts[0] == "disk", !parts[1].isEmpty {
      self = .disk(path: String(parts[1]))
    } else {
      throw UsageError(
        "--cache \(text) is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a"
          + " file"
      )
    }
  }
}
