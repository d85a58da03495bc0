import HeadraceCore

/// What is in a shard: its members and totals, without their contents.
public struct ShardListing: Sendable {
  /// The file, as given.
  public let path: String
  /// What the first bytes of the file say, whatever its name is.
  public let compression: ShardCompression.Kind
  /// Members in file order, those included that are no field of a sample.
  public private(set) var members: [ShardMember] = []
  /// Samples: runs of fields with the same key.
  public private(set) var sampleCount = 0
  /// Fields in the order in which they first appear, with the samples that have them.
  public private(set) var fields: [FieldCount] = []
  /// Samples that lack a field which others have.
  public private(set) var incompleteSampleCount = 0
  /// Samples whose key has been there before, with other samples between: their files do not follow each other.
  public private(set) var scatteredSampleCount = 0
  /// Bytes of the file.
  public let fileByteCount: Int
  /// Bytes of the tar stream, for a compressed shard after decompression.
  public let streamByteCount: Int
  /// What ended the reading before the end of the shard; the rest is then of what came before. Nil for a whole shard.
  public let error: HeadraceError?

  /// Reads a shard from front to back, as far as it is whole.
  ///
  /// - Throws: As `ShardReader.next()`, if there is not even one member; a member beyond a limit is listed all the
  ///   same.
  /// - Complexity: Linear in the bytes of the tar stream; memory linear in the members.
  public init(_ path: String, limits: ShardLimits = ShardLimits()) throws(HeadraceError) {
    let file = try FileStream(path)
    fileByteCount = try file.size()
    var tar = TarReader(ShardStream(file, buffers: try ShardBuffers(limits: limits)))
    var failure: HeadraceError?
    do throws(HeadraceError) {
      while let member = try tar.next() {
        let name = member.type == .file ? MemberName(member.name) : nil
        members.append(
          ShardMember(
            name: member.name, byteCount: member.size, offset: member.offset, kind: member.type, key: name?.key,
            field: name?.field))
      }
    } catch {
      guard !members.isEmpty else { throw error }
      failure = error
    }
    self.path = path
    error = failure
    compression = tar.stream.compression ?? .plain
    streamByteCount = tar.stream.streamCount
    countSamples()
  }

  private mutating func countSamples() {
    var keys: Set<ExactText> = []
    var lastKey: ExactText?
    var fieldsOfSamples: [Set<ExactText>] = []
    var places: [ExactText: Int] = [:]
    for member in members {
      guard let key = member.key.map(ExactText.init), let field = member.field.map(ExactText.init) else { continue }
      if key != lastKey {
        fieldsOfSamples.append([])
        if !keys.insert(key).inserted { scatteredSampleCount += 1 }
      }
      lastKey = key
      fieldsOfSamples[fieldsOfSamples.count - 1].insert(field)
      if let place = places[field] {
        fields[place].count += 1
      } else {
        places[field] = fields.count
        fields.append(FieldCount(name: field.text, count: 1))
      }
    }
    sampleCount = fieldsOfSamples.count
    incompleteSampleCount = fieldsOfSamples.count { $0.count < fields.count }
  }
}
