import HeadraceCore
import HeadraceSystem

/// Records from shards: tar files, plain or zstd-compressed, with the fields of a sample as files that share a name.
///
/// Records come in the order of the shards and, in a shard, of its members, the same in each epoch.
/// docs/formats/shards.md says exactly what is read.
public struct ShardSource: Source {
  /// The files of one sample, read into memory.
  public typealias Element = Record

  /// Paths of the shards in the order in which they are read.
  public let shards: [String]
  /// How much memory one damaged or hostile shard may ask for.
  public let limits: ShardLimits

  /// Names shards by path or by pattern: `"/data/train-{000000..000099}.tar.zst"`.
  ///
  /// Looks at no file: whether they are there is found when the pipeline is planned or started, with `validate`.
  ///
  /// - Throws: `invalidArgument` for a pattern that cannot be expanded, and for no shard at all.
  public init(_ patterns: String..., limits: ShardLimits = ShardLimits()) throws(HeadraceError) {
    try self.init(patterns, limits: limits)
  }

  /// Names shards by a list of paths or patterns.
  ///
  /// - Throws: As the other initialiser.
  public init(_ patterns: [String], limits: ShardLimits = ShardLimits()) throws(HeadraceError) {
    var shards: [String] = []
    for pattern in patterns {
      guard !pattern.isEmpty else {
        throw HeadraceError(.invalidArgument, "A shard's path is empty; give the path of a tar or tar.zst file.")
      }
      shards += try BracePattern.expand(pattern)
    }
    guard !shards.isEmpty else {
      throw HeadraceError(.invalidArgument, "No shard is given; give at least one path or pattern.")
    }
    self.shards = shards
    self.limits = limits
  }

  /// For example `100 shards /data/train-000000.tar.zst to /data/train-000099.tar.zst`.
  public var name: String {
    shards.count == 1 ? "shard \(shards[0])" : "\(shards.count) shards \(shards[0]) to \(shards[shards.count - 1])"
  }

  /// All of the paths, in their order, each in quotation marks.
  public var fingerprint: String { shards.map { String(reflecting: $0) }.joined(separator: " ") }

  /// Looks at each path, not into the files.
  ///
  /// - Throws: `notFound` with the number of missing shards and the first three; `inputOutput` for what is no
  ///   regular file, and if a folder on the way may not be looked into.
  /// - Complexity: One system call per shard.
  public func validate() throws(HeadraceError) {
    var missing: [String] = []
    for shard in shards {
      switch try located({ () throws(FileError) in try FileSystem.kind(of: shard) }) {
      case .file: break
      case .missing: missing.append(shard)
      case .folder:
        throw HeadraceError(
          .notFound,
          "Shard \(shard) is a folder, not a tar file; name the shards in it, or use FolderSource for images.")
      case let other:
        throw HeadraceError(FileError(action: "Reading", path: shard, reason: .kind(other)))
      }
    }
    guard let first = missing.first else { return }
    var what = "\(first) does not exist"
    if shards.count > 1 {
      what = "\(HumanUnits.count(missing.count)) of \(HumanUnits.count(shards.count, "shard"))"
      what += " \(missing.count == 1 ? "does" : "do") not exist: \(missing.prefix(3).joined(separator: ", "))"
      if missing.count > 3 { what += " and more" }
    }
    throw HeadraceError(.notFound, "\(what); \(remedy(forMissing: first)).")
  }

  private func remedy(forMissing path: String) -> String {
    if path.contains(where: { "*?[".contains($0) }) { return "patterns are braces like {000..099}, not * or ?" }
    return shards.count > 1 && !path.contains("\u{FFFD}")
      ? "check the path and the range of the pattern" : FileSystem.remedy(forMissing: path)
  }

  /// Opens nothing until the first record is asked for.
  public func makeReader(epoch: Int) -> ShardReader {
    ShardReader(shards, limits: limits)
  }
}
