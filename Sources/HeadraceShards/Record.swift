import HeadraceCore

/// One sample as it is stored: named fields of bytes.
///
/// A field is in memory (from a shard) or in a file of its own (from a folder). A file is read each time that its
/// field is asked for, by the stage that asks; so read a field once.
public struct Record: Sendable, SampleIdentifiable {
  /// Where the record comes from.
  public let sampleID: SampleID
  private var fields: [Field]

  private struct Field {
    var name: String
    var contents: Contents
  }

  private enum Contents {
    case bytes([UInt8])
    case file(path: String, limit: Int)
  }

  /// A record whose fields are in memory. Later fields of a name that is there already replace the earlier.
  public init(sampleID: SampleID, fields: [(name: String, bytes: [UInt8])] = []) {
    self.sampleID = sampleID
    self.fields = []
    self.fields.reserveCapacity(fields.count)
    for (name, bytes) in fields { set(name, .bytes(bytes)) }
  }

  /// Adds a field, or replaces it.
  public mutating func set(_ field: String, to bytes: [UInt8]) {
    set(field, .bytes(bytes))
  }

  /// Adds a field of a name that is not there yet, without a look at the others.
  mutating func append(_ field: String, _ bytes: [UInt8]) {
    fields.append(Field(name: field, contents: .bytes(bytes)))
  }

  /// Adds a field whose bytes stay in the file at `path` until somebody asks for them.
  mutating func set(_ field: String, toFile path: String, limit: Int) {
    set(field, .file(path: path, limit: limit))
  }

  private mutating func set(_ name: String, _ contents: Contents) {
    if let index = fields.firstIndex(where: { $0.name.hasSameBytes(as: name) }) {
      fields[index].contents = contents
    } else {
      fields.append(Field(name: name, contents: contents))
    }
  }

  /// Names of the fields, in the order in which they are stored.
  public var fieldNames: [String] { fields.map(\.name) }

  /// True if there is a field of that name.
  public func has(_ field: String) -> Bool { fields.contains { $0.name.hasSameBytes(as: field) } }

  /// The bytes of a field; for a record from a folder this reads the file.
  ///
  /// - Throws: `missingField` with the fields that there are; for a file also `notFound`, `inputOutput`, and
  ///   `limitExceeded` if it is larger than the source's `ShardLimits.recordByteCount`.
  public func bytes(_ field: String) throws(HeadraceError) -> [UInt8] {
    switch try contents(field) {
    case .bytes(let bytes): return bytes
    case .file(let path, let limit):
      do {
        return try FileAccess.contents(of: path, limit: limit)
      } catch {
        var error = error
        error.sample = sampleID
        throw error
      }
    }
  }

  /// A field as text.
  ///
  /// - Throws: As `bytes(_:)`; `wrongType` if the bytes are not UTF-8.
  public func text(_ field: String) throws(HeadraceError) -> String {
    let bytes = try bytes(field)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw HeadraceError(
        .wrongType, "Field \(field) is not UTF-8 text; read it with bytes(\"\(field)\").", sample: sampleID)
    }
    return text
  }

  /// A field as a decimal number, such as `12`, `-3` or `7\n`; blanks and line ends around it do not count.
  ///
  /// - Throws: As `bytes(_:)`; `wrongType` if the field is anything else, or beyond 64 bits.
  public func integer(_ field: String) throws(HeadraceError) -> Int {
    let bytes = try bytes(field)
    do throws(DecimalInteger.Mistake) {
      return try DecimalInteger.parse(bytes)
    } catch {
      throw HeadraceError(
        .wrongType, "Field \(field) is \(error.message); use text(\"\(field)\") or correct the data.", sample: sampleID)
    }
  }

  private func contents(_ field: String) throws(HeadraceError) -> Contents {
    guard let index = fields.firstIndex(where: { $0.name.hasSameBytes(as: field) }) else {
      let known = fields.isEmpty ? "it has no field" : "it has \(fieldNames.joined(separator: ", "))"
      let isFromShard = sampleID.offset != nil
      throw HeadraceError(
        .missingField,
        "Record without field \(field): \(known); ask for one of those, or check has(\"\(field)\")."
          + (isFromShard
            ? " If the sample's files do not follow each other, write the shard with tar --sort=name." : ""),
        sample: sampleID)
    }
    return fields[index].contents
  }
}

extension Record: ByteCountable {
  /// Bytes of the fields that are in memory; those in files count nothing.
  ///
  /// - Complexity: linear in the number of fields.
  public var byteCount: Int {
    fields.reduce(0) { sum, field in
      if case .bytes(let bytes) = field.contents { sum + bytes.count } else { sum }
    }
  }
}
