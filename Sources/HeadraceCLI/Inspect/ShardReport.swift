import Headrace

/// What a shard holds.
struct ShardReport: InspectReport {
  struct Member: Encodable {
    let name: String
    let kind: String
    let bytes: Int
    let offset: Int
    let sample: String?
    let field: String?
  }

  struct Field: Encodable {
    let name: String
    let samples: Int
  }

  let path: String
  let compression: String
  let fileBytes: Int
  let streamBytes: Int
  let samples: Int
  /// Samples that lack a field which others have.
  let incompleteSamples: Int
  let memberCount: Int
  let fields: [Field]
  let members: [Member]
  let error: String?
  let damage: HeadraceError?
  private let scatteredSamples: Int

  private enum CodingKeys: String, CodingKey {
    case path, compression, fileBytes, streamBytes, samples, incompleteSamples, memberCount, fields, members, error
  }

  /// - Parameter limit: members to list; 0 for all.
  init(_ listing: ShardListing, limit: Int) {
    path = listing.path
    damage = listing.error
    error = listing.error.map { CommandWords.of("\($0)") }
    compression = "\(listing.compression)"
    fileBytes = listing.fileByteCount
    streamBytes = listing.streamByteCount
    samples = listing.sampleCount
    incompleteSamples = listing.incompleteSampleCount
    scatteredSamples = listing.scatteredSampleCount
    memberCount = listing.members.count
    fields = listing.fields.map { Field(name: $0.name, samples: $0.count) }
    members = listing.members.prefix(limit == 0 ? .max : limit).map {
      Member(
        name: $0.name, kind: $0.kind.rawValue, bytes: $0.byteCount, offset: $0.offset, sample: $0.key, field: $0.field)
    }
  }

  func text(columns: Int?) -> String {
    var text = "\(PrintableText.line(path)): \(HumanUnits.count(samples, "sample")) in"
    text +=
      " \(HumanUnits.count(memberCount, "member"))\(damage == nil ? "" : " before the damage"),"
      + " \(HumanUnits.bytes(fileBytes))"
    if fileBytes != streamBytes { text += " (\(compression), \(HumanUnits.bytes(streamBytes)) of tar)" }
    let counts = fields.map { "\(PrintableText.line($0.name)) in \(HumanUnits.count($0.samples))" }
    text += "\n"
    func remark(_ line: String) { text += WrappedText.of(line, indent: 2) + "\n" }
    remark("fields: \(counts.isEmpty ? "none" : counts.joined(separator: ", "))")
    if incompleteSamples > 0 {
      remark(
        "incomplete: \(HumanUnits.count(incompleteSamples, "sample lacks", plural: "samples lack")) a field that others"
          + " have")
    }
    if scatteredSamples > 0 {
      remark(
        "scattered: \(HumanUnits.count(scatteredSamples, "sample has", plural: "samples have")) the key of an earlier"
          + " one; to keep the files of a sample together, write the shard with tar --sort=name")
    }
    text += "\n"
    // No column for the sample, which would take as much room again: it is the name without the field.
    let rows = members.map { member in
      [
        member.name, member.kind, HumanUnits.count(member.bytes), HumanUnits.count(member.offset), member.field ?? "-",
      ].map(PrintableText.line)
    }
    text += "\(NameTable(rows: [["member", "kind", "bytes", "offset", "field"]] + rows, columns: columns))\n"
    if members.count < memberCount {
      text += "... and \(HumanUnits.count(memberCount - members.count)) more; --limit 0 lists all\n"
    }
    return text
  }
}
