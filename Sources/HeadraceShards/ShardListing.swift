import HeadraceCore

/// What is in a shard: its members and totals, without their contents.
public struct ShardListing: Sendable {
  public let path: String
  public let compression: ShardCompression.Kind
  /// Members in file order, those included that are no field of a sample.
  public private(set) var members: [ShardMember] = []
  /// Samples: runs of fields with the same key.
  public private(set) var sampleCount = 0
  /// Fields in the order in which they first appear, with the samples that have them.
  public private(set) var fields: [FieldCount] = []
  /// Bytes of the file.
  public let fileSize: Int
  /// Bytes of the tar stream, for a compressed shard after decompression.
  public let streamSize: Int

  /// Reads a shard from front to back.
  ///
  /// - Throws: As `ShardReader.next()`; a member beyond a limit is listed all the same.
  /// - Complexity: Linear in the bytes of the tar stream; memory linear in the members.
  public init(_ path: String, limits: ShardLimits = ShardLimits()) throws(HeadraceError) {
    let file = try FileStream(path)
    fileSize = try file.size()
    var tar = TarReader(ShardStream(file, buffers: try ShardBuffers(limits: limits)))
    var lastKey: String?
    while let member = try tar.next() {
      let name = member.type == .file ? MemberName(member.name) : nil
      members.append(
        ShardMember(
          name: member.name, size: member.size, offset: member.offset, kind: member.type, key: name?.key,
          field: name?.field))
      guard let name else { continue }
      if name.key != lastKey { sampleCount += 1 }
      lastKey = name.key
      fields.add(name.field)
    }
    self.path = path
    compression = tar.stream.compression ?? .none
    streamSize = tar.stream.streamCount
  }
}
