import HeadraceCore

/// Hands out the records of a folder in order, without opening a file.
public struct FolderReader: SourceReader {
  public typealias Element = Record

  private let source: FolderSource
  private var position = 0

  init(_ source: FolderSource) { self.source = source }

  /// The next record; nil after the last one.
  public mutating func next() -> Record? {
    guard position < source.files.count else { return nil }
    let file = source.files[position]
    let path = source.path.utf8.last == UInt8(ascii: "/") ? source.path + file.path : "\(source.path)/\(file.path)"
    var record = Record(sampleID: SampleID(key: file.path, path: path))
    record.set(file.field, toFile: path, limit: source.limits.memberSize)
    if !source.labels.isEmpty { record.set("cls", to: Array(String(source.labels[position]).utf8)) }
    position += 1
    return record
  }
}
