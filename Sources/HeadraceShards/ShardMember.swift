/// One member of a shard, as a listing shows it.
public struct ShardMember: Sendable, Hashable {
  /// The path within the shard.
  public var name: String
  /// Bytes of contents.
  public var byteCount: Int
  /// Offset of the member's first header, in bytes of the uncompressed stream.
  public var offset: Int
  /// What it is by its header.
  public var kind: Kind
  /// The sample that it belongs to; nil for members that are no field.
  public var key: String?
  /// The field that it is; nil for members that are no field.
  public var field: String?

  /// What a member is. Only files can be fields.
  public enum Kind: String, Sendable, Hashable {
    /// A regular file.
    case file
    /// A folder; its files are members of their own.
    case folder
    /// A symbolic or hard link; it is not followed.
    case link
    /// Devices, pipes and kinds that are private to a vendor.
    case other
  }
}

extension ShardMember.Kind {
  /// The kind that a header's type flag stands for. Source: POSIX.1-2017, `pax`, "ustar Interchange Format".
  init(_ flag: UInt8, name: String) {
    switch flag {
    case UInt8(ascii: "0"), UInt8(ascii: "7"): self = .file
    // The old Unix format marks a folder by its name alone.
    case 0: self = name.hasSuffix("/") ? .folder : .file
    case UInt8(ascii: "1"), UInt8(ascii: "2"): self = .link
    case UInt8(ascii: "5"): self = .folder
    default: self = .other
    }
  }
}
