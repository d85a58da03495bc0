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
  let memberCount: Int
  let fields: [Field]
  let members: [Member]

  /// - Parameter limit: members to list; 0 for all.
  init(_ listing: ShardListing, limit: Int) {
    path = listing.path
    compression = "\(listing.compression)"
    fileBytes = listing.fileSize
    streamBytes = listing.streamSize
    samples = listing.sampleCount
    memberCount = listing.members.count
    fields = listing.fields.map { Field(name: $0.name, samples: $0.count) }
    members = listing.members.prefix(limit == 0 ? .max : limit).map {
      Member(
        name: $0.name, kind: $0.kind.rawValue, bytes: $0.size, offset: $0.offset, sample: $0.key, field: $0.field)
    }
  }

  var text: String {
    var text =
      "\(PrintableText.line(path)): \(samples) samples in \(memberCount) members, \(HumanUnits.bytes(fileBytes))"
    if fileBytes != streamBytes { text += " (\(compression), \(HumanUnits.bytes(streamBytes)) of tar)" }
    let counts = fields.map { "\(PrintableText.line($0.name)) in \($0.samples)" }
    text += "\nfields: \(counts.isEmpty ? "none" : counts.joined(separator: ", "))\n\n"
    let rows = members.map { member in
      [member.name, member.kind, "\(member.bytes)", "\(member.offset)", member.sample ?? "-", member.field ?? "-"]
        .map(PrintableText.line)
    }
    text += "\(TextTable([["member", "kind", "bytes", "offset", "sample", "field"]] + rows))\n"
    if members.count < memberCount {
      text += "... and \(memberCount - members.count) more; --limit 0 lists all\n"
    }
    return text
  }
}
