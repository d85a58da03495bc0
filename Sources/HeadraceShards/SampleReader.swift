import HeadraceCore

/// Groups the members of a tar stream into records: fields of one sample follow each other.
struct SampleReader<Stream: ReadableStream & ~Copyable>: ~Copyable {
  private var tar: TarReader<Stream>
  private let limits: ShardLimits
  /// The record that later members may still add to.
  private var record: Record?
  /// Names of its fields so far: a sample may have very many, too many to search them all for each.
  private var fieldNames: Set<ExactText> = []
  /// Bytes of its fields so far.
  private var recordByteCount = 0

  init(_ stream: consuming Stream, limits: ShardLimits) {
    tar = TarReader(stream)
    self.limits = limits
  }

  /// The next record; nil after the last one. After an error, what was begun is lost.
  mutating func next() throws(HeadraceError) -> Record? {
    do throws(HeadraceError) {
      while let member = try tar.next() {
        guard member.type == .file, let name = MemberName(member.name) else { continue }
        if let finished = record, !finished.sampleID.key.hasSameBytes(as: name.key) {
          begin(name, member)
          try add(name, member)
          return finished
        }
        if record == nil { begin(name, member) }
        try add(name, member)
      }
    } catch {
      var error = error
      error.sample = error.sample ?? record?.sampleID
      record = nil
      throw error
    }
    let last = record
    record = nil
    return last
  }

  private mutating func begin(_ name: MemberName, _ member: TarMember) {
    record = Record(sampleID: SampleID(key: name.key, path: tar.stream.name, offset: member.offset))
    fieldNames.removeAll(keepingCapacity: true)
    recordByteCount = 0
  }

  private mutating func add(_ name: MemberName, _ member: TarMember) throws(HeadraceError) {
    // What stands for bytes that are not UTF-8: names that differ in these would be taken for the same.
    guard !member.name.unicodeScalars.contains("\u{FFFD}") else {
      throw .malformedShard(
        tar.stream.name, at: tar.stream.place(member.offset), "the name of member \(member.name) is not UTF-8",
        remedy: "rename the file and write the shard again")
    }
    guard fieldNames.insert(ExactText(name.field)).inserted else {
      throw .malformedShard(
        tar.stream.name, at: tar.stream.place(member.offset),
        "sample \(name.key) has field \(name.field) twice, the second time as \(member.name)",
        remedy: "write the shard again with other names; field names do not tell upper and lower case apart")
    }
    let (sum, isTooLarge) = (recordByteCount + name.field.utf8.count).addingReportingOverflow(member.size)
    recordByteCount = isTooLarge ? .max : sum
    guard recordByteCount <= limits.recordByteCount else {
      throw HeadraceError(
        .limitExceeded,
        "Shard \(tar.stream.name), \(tar.stream.place(member.offset)): with \(member.name) sample \(name.key) has"
          + " \(HumanUnits.bytes(recordByteCount)), \(HumanUnits.bytes(recordByteCount - limits.recordByteCount)) above"
          + " the limit of \(HumanUnits.bytes(limits.recordByteCount)); raise ShardLimits.recordByteCount, or write the"
          + " shard again with smaller samples.")
    }
    record!.append(name.field, try tar.contents())
  }
}
