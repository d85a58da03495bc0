import Headrace

extension Cache {
  /// The value of `--cache`: `memory:BYTES` or `disk:PATH`.
  init(option text: String) throws(UsageError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.last ?? "") {
    case ("memory", let text) where (Int(text) ?? 0) > 0: self = .memory(bytes: Int(text)!)
    case ("disk", let path) where parts.count == 2 && !path.isEmpty: self = .disk(path: path)
    default:
      throw UsageError(
        "--cache \(text) is not possible: it takes memory:BYTES, a whole number from 1, or disk:PATH, the path of a file"
      )
    }
  }
}
