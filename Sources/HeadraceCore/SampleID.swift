/// Where a sample comes from, for people: errors and lists of skipped samples name it.
public struct SampleID: Hashable, Sendable, Codable {
  /// The sample's own name, such as `n01440764/img_17.png` or the basename within a shard.
  public var key: String
  /// The file that holds it, if that is not the key itself.
  public var path: String?
  /// Byte offset in that file (of the uncompressed stream, for a compressed shard).
  public var offset: Int?

  /// Names a sample; the path can be left out where the key is one.
  ///
  /// - Parameter offset: bytes, from 0.
  public init(key: String, path: String? = nil, offset: Int? = nil) {
    self.key = key
    self.path = path
    self.offset = offset
  }
}

extension SampleID: CustomStringConvertible {
  /// For example `0017 (train-000.tar.zst, offset 51200)`.
  public var description: String {
    switch (path, offset) {
    case (nil, nil): key
    case (let path?, nil): "\(key) (\(path))"
    case (let path?, let offset?): "\(key) (\(path), offset \(offset))"
    case (nil, let offset?): "\(key) (offset \(offset))"
    }
  }
}
