import HeadraceCore

/// Hands out the records of a folder in order, without opening a file.
public struct FolderReader: SourceReader {
  /// A file and its label.
  public typealias Element = Record

  private let source: FolderSource
  private var position = 0

  init(_ source: FolderSource) { self.source = source }

  /// The next record; nil after the last one.
  public mutating func next() -> Record? {
    guard position < source.files.count else { return nil }
    let file = source.files[position]
    let path = FolderTree.join(source.path, file.path)
    var record = Record(sampleID: SampleID(key: file.path, path: path))
    record.set(file.field, toFile: path, limit: source.limits.recordByteCount)
    if !source.labels.isEmpty { record.set("cls", to: Array(String(source.labels[position]).utf8)) }
    position += 1
    return record
  }
}
