import Headrace
import HeadraceSystem

/// What a command reads: a folder of images, or shards; with `--limit`, the first samples of it.
enum InputSource: Source {
  case folder(FolderSource, limit: Int?)
  case shards(ShardSource, limit: Int?)

  /// - Parameter paths: one folder, or any number of shards and brace patterns.
  /// - Throws: `UsageError` for what no file could make right: an empty path, a pattern that cannot be expanded, a
  ///   folder among others; what `FolderSource` throws.
  init(_ paths: [String], limit: Int?) throws {
    guard !paths.contains("") else {
      throw UsageError("a path is empty; give the path of a folder, or of a tar or tar.zst file")
    }
    let folders = paths.filter { (try? FileSystem.kind(of: $0))?.isFolder ?? false }
    guard let folder = folders.first else {
      self = .shards(try Self.shards(paths), limit: limit)
      return
    }
    guard paths.count == 1 else {
      throw UsageError(
        "\(folder) is a folder, and \(paths.count) sources were given; give one folder, or any number of shards")
    }
    self = .folder(try FolderSource(folder, extensions: ColumnMapping.imageEndings), limit: limit)
  }

  /// Nothing is opened yet, so all that can be wrong is the pattern.
  private static func shards(_ patterns: [String]) throws(UsageError) -> ShardSource {
    do throws(HeadraceError) {
      return try ShardSource(patterns)
    } catch {
      throw UsageError(error.message.last == "." ? String(error.message.dropLast()) : error.message)
    }
  }

  var name: String {
    switch self {
    case .folder(let source, _): source.name
    case .shards(let source, _): source.name
    }
  }

  var count: Int? {
    switch self {
    case .folder(let source, let limit): source.count.map { min($0, limit ?? $0) }
    case .shards: nil
    }
  }

  /// That of the folder or the shards, and how many of their samples are read.
  var fingerprint: String {
    switch self {
    case .folder(let source, let limit): Self.limited(source.fingerprint, limit)
    case .shards(let source, let limit): Self.limited(source.fingerprint, limit)
    }
  }

  private static func limited(_ fingerprint: String, _ limit: Int?) -> String {
    limit.map { "\(fingerprint), the first \($0)" } ?? fingerprint
  }

  /// Files of a folder that have another extension, by that.
  var otherFileCounts: [String: Int] {
    switch self {
    case .folder(let source, _): source.otherFileCounts
    case .shards: [:]
    }
  }

  func validate() throws(HeadraceError) {
    switch self {
    case .folder(let source, _): try source.validate()
    case .shards(let source, _):
      do throws(HeadraceError) {
        try source.validate()
      } catch {
        guard let link = source.shards.lazy.compactMap(BrokenLink.init).first else { throw error }
        throw HeadraceError(.notFound, "\(link).")
      }
    }
  }

  func makeReader(epoch: Int) throws -> Reader {
    switch self {
    case .folder(let source, let limit): Reader(kind: .folder(source.makeReader(epoch: epoch)), left: limit ?? .max)
    case .shards(let source, let limit): Reader(kind: .shards(source.makeReader(epoch: epoch)), left: limit ?? .max)
    }
  }

  struct Reader: SourceReader {
    enum Kind {
      case folder(FolderReader)
      case shards(ShardReader)
    }
    var kind: Kind
    var left: Int

    mutating func next() throws -> Record? {
      guard left > 0 else { return nil }
      left -= 1
      switch kind {
      case .folder(var reader):
        defer { kind = .folder(reader) }
        return reader.next()
      case .shards(let reader):
        return try reader.next()
      }
    }
  }
}
