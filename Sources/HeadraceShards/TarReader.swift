import HeadraceCore

/// Reads the members of a tar stream one after the other, each header checked before it is believed.
///
/// Read are POSIX ustar and pax, GNU tar and the old Unix format (docs/formats/shards.md). Two blocks of zeros end
/// the archive; a stream that ends without them is cut short, which is an error, and so is a second archive after them.
/// Other data after them are read, so that the checksum of a compressed stream counts, and ignored.
struct TarReader<Stream: ReadableStream & ~Copyable>: ~Copyable {
  /// Names and pax records may be as long as this.
  private static var extensionLimit: Int { 1 << 20 }
  /// A field of up to this size is allocated at once; a larger one as its data arrive.
  private static var trustedSize: Int { 16 << 20 }

  private(set) var stream: Stream
  /// Bytes taken from the stream.
  private(set) var offset = 0
  /// Data and padding of the current member that are still in the stream.
  private var unread = 0
  private var member: TarMember?
  private var globalRecords = PaxRecords()
  private var isAtEnd = false
  private var block: [UInt8] = []

  init(_ stream: consuming Stream) {
    self.stream = stream
    block.reserveCapacity(TarHeader.size)
  }

  /// The next member of any type, data not read; nil after the end of the archive.
  mutating func next() throws(HeadraceError) -> TarMember? {
    guard !isAtEnd else { return nil }
    try skip(unread)
    member = nil
    let start = offset
    var longName: String?
    var records: PaxRecords?
    while true {
      let headerOffset = offset
      guard let header = try nextHeader(isFirst: headerOffset == start) else { return nil }
      switch header.type {
      case UInt8(ascii: "L"):
        let data = try extensionData(header, at: headerOffset)
        longName = tarString(data.span)
      case UInt8(ascii: "K"): _ = try extensionData(header, at: headerOffset)
      case UInt8(ascii: "x"): records = try paxRecords(header, at: headerOffset).over(records ?? PaxRecords())
      case UInt8(ascii: "g"): globalRecords = try paxRecords(header, at: headerOffset).over(globalRecords)
      default:
        let records = (records ?? PaxRecords()).over(globalRecords)
        return try begin(header, named: longName, records: records, start: start)
      }
    }
  }

  /// The data of the member that `next()` returned last, in one allocation if it has 16 MiB or less.
  ///
  /// - Precondition: called at most once per member, whose size the caller has checked against a limit.
  mutating func contents() throws(HeadraceError) -> [UInt8] {
    guard let member else { preconditionFailure("TarReader.contents() without a member: call next() first") }
    return try take(member.size, of: "member \(member.name)")
  }

  /// Reads what is left, so that the end of a compressed stream is checked, and that no second archive is lost without
  /// a word. Called after the last member.
  private mutating func finish() throws(HeadraceError) {
    isAtEnd = true
    while try fillBlock() {
      guard !TarHeader.isZero(block.span), (try? TarHeader(block.span)) != nil else { continue }
      throw malformed(
        at: offset - TarHeader.size, "another tar stream follows the end of the first, as in shards joined with cat",
        remedy: "give each shard as a file of its own, or join them with tar --concatenate")
    }
    block = []
  }

  /// The next block as a header; nil at the end of the archive.
  private mutating func nextHeader(isFirst: Bool) throws(HeadraceError) -> TarHeader? {
    try readBlock(or: "the two blocks of zeros that end a tar stream")
    if TarHeader.isZero(block.span) {
      guard isFirst else { throw malformed(at: offset - 512, "an extension header without its member") }
      try readBlock(or: "the second of the two blocks of zeros that end a tar stream")
      guard TarHeader.isZero(block.span) else {
        throw malformed(at: offset - 1024, "a block of zeros in place of a header")
      }
      try finish()
      return nil
    }
    do throws(TarHeader.Fault) {
      return try TarHeader(block.span)
    } catch {
      throw malformed(error, at: offset - TarHeader.size)
    }
  }

  private mutating func begin(
    _ header: TarHeader, named longName: String?, records: PaxRecords, start: Int
  ) throws(HeadraceError) -> TarMember {
    // An empty value takes back what a global header said.
    let recorded = records.path.flatMap { $0.isEmpty ? nil : $0 }
    let name = recorded ?? longName ?? header.name
    let kind = ShardMember.Kind(header.type, name: header.name)
    if records.isSparse || header.type == UInt8(ascii: "S") {
      throw malformed(
        at: start, "member \(name) is stored as a sparse file, which is not read",
        remedy: "write the shard without tar's option --sparse")
    }
    // Links, devices, folders and pipes have no data, whatever their size field says.
    let hasData = !(UInt8(ascii: "1")...UInt8(ascii: "6")).contains(header.type)
    let member = TarMember(
      name: name, size: hasData ? records.size ?? header.size : 0, offset: start, dataOffset: offset, type: kind)
    let padding = (TarHeader.size - member.size % TarHeader.size) % TarHeader.size
    let (padded, isTooLarge) = member.size.addingReportingOverflow(padding)
    // Larger than any stream: skipping it ends at the stream's end.
    unread = isTooLarge ? .max : padded
    self.member = member
    return member
  }

  private mutating func extensionData(_ header: TarHeader, at start: Int) throws(HeadraceError) -> [UInt8] {
    guard header.size <= Self.extensionLimit else {
      throw malformed(
        at: start,
        "an extension header claims \(HumanUnits.bytes(header.size)); names and records have at most"
          + " \(HumanUnits.bytes(Self.extensionLimit))")
    }
    unread = (header.size + TarHeader.size - 1) / TarHeader.size * TarHeader.size
    let data = try take(header.size, of: "extension header")
    try skip(unread)
    return data
  }

  private mutating func paxRecords(_ header: TarHeader, at start: Int) throws(HeadraceError) -> PaxRecords {
    let data = try extensionData(header, at: start)
    do throws(PaxRecords.Malformed) {
      return try PaxRecords(data.span)
    } catch {
      throw malformed(at: start, "a pax header whose records are not of the form \"length key=value\"")
    }
  }
}

// Taking bytes from the stream.
extension TarReader where Stream: ~Copyable {
  /// Fills `block`. Returns false when the stream ends before that.
  private mutating func fillBlock() throws(HeadraceError) -> Bool {
    var bytes: [UInt8] = []
    swap(&bytes, &block)
    bytes.removeAll(keepingCapacity: true)
    try bytes.append(addingCapacity: TarHeader.size) { (output: inout OutputSpan<UInt8>) throws(HeadraceError) in
      try stream.fill(&output)
    }
    swap(&bytes, &block)
    offset += block.count
    return block.count == TarHeader.size
  }

  /// Fills `block`, or says that the stream ends without what was expected.
  private mutating func readBlock(or missing: String) throws(HeadraceError) {
    if try fillBlock() { return }
    if offset == 0 { throw malformed(at: 0, "the file is empty") }
    if offset < TarHeader.size {
      throw notTar(at: 0, "the file has \(HumanUnits.count(offset, "byte")), less than one tar header")
    }
    throw malformed(at: offset, "the stream ends without \(missing): it is cut short")
  }

  /// The next `count` bytes of the current member. Memory grows as they arrive, whatever the header claims.
  private mutating func take(_ count: Int, of what: String) throws(HeadraceError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let room = min(count - bytes.count, max(Self.trustedSize, bytes.count))
      let before = bytes.count
      try bytes.append(addingCapacity: room) { (output: inout OutputSpan<UInt8>) throws(HeadraceError) in
        try stream.fill(&output)
      }
      offset += bytes.count - before
      unread -= bytes.count - before
      guard bytes.count == before + room else {
        throw malformed(at: offset, "\(what) is cut short: \(bytes.count) of \(count) bytes are there")
      }
    }
    return bytes
  }

  private mutating func skip(_ count: Int) throws(HeadraceError) {
    var rest = count
    while rest > 0 {
      let skipped = try discard(upTo: min(rest, 64 << 10))
      guard skipped > 0 else {
        throw malformed(at: offset, cutMember)
      }
      rest -= skipped
    }
    unread = 0
  }

  /// What is missing of the current member, at the end of the stream.
  private var cutMember: String {
    guard let member else { return "an extension header is cut short" }
    let present = offset - member.dataOffset
    guard present < member.size else { return "the padding after member \(member.name) is cut short" }
    return "member \(member.name) is cut short: \(present) of \(member.size) bytes are there"
  }

  private mutating func discard(upTo count: Int) throws(HeadraceError) -> Int {
    let bytes = try [UInt8](capacity: count) { (output: inout OutputSpan<UInt8>) throws(HeadraceError) in
      try stream.read(into: &output)
    }
    offset += bytes.count
    return bytes.count
  }
}

// Errors.
extension TarReader where Stream: ~Copyable {
  private func malformed(
    at offset: Int, _ what: String, remedy: String = HeadraceError.fetchAgain
  ) -> HeadraceError {
    .malformedShard(stream.name, at: stream.place(offset), what, remedy: remedy)
  }

  private func malformed(_ fault: TarHeader.Fault, at offset: Int) -> HeadraceError {
    let what =
      switch fault {
      case .checksum(let stored, let computed): "a tar header's checksum is \(computed), but it says \(stored)"
      case .number(let field): "a tar header's \(field) is not a number"
      case .negativeSize: "a tar header's size is negative"
      }
    return offset == 0 ? notTar(at: 0, what) : malformed(at: offset, what)
  }

  /// The first block is no header: says what the bytes look like, if that is known.
  private func notTar(at offset: Int, _ what: String) -> HeadraceError {
    let remedy = "give a tar or tar.zst file"
    let found = FileSignature.name(of: block.span).map { "the file looks like \($0), not like a tar file" }
    return malformed(at: offset, found ?? "no tar file: \(what)", remedy: remedy)
  }
}
