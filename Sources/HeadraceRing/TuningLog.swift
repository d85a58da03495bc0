import HeadraceCore

/// The newest decisions of automatic concurrency, where any process that maps the ring can read them.
///
/// ```
/// cursor u64: entries written since the start | ... 512
/// entry, 512 bytes: stamp u64 | seconds f64 | from u32 | to u32 | byte count u32 | ... | stage 40 | reason 440
/// ```
///
/// The log keeps the last 63.
@safe
package struct TuningLog: Sendable {
  private static let stageOffset = 32
  private static let reasonOffset = 72
  private static let reasonByteCount = RingLayout.tuningEntryByteCount - reasonOffset

  private let log: RingLog

  /// The log of `ring`: the one writer makes one of these, and whoever looks on another.
  package init(_ ring: Ring) {
    log = RingLog(
      ring: ring, offset: ring.geometry.tuningOffset, headerByteCount: RingLayout.tuningHeaderByteCount,
      entryByteCount: RingLayout.tuningEntryByteCount, entryCount: RingLayout.tuningEntryCount)
  }

  /// Adds an entry. One writer at a time. A name of more than 40 bytes and a reason of more than 440 are cut.
  package func append(_ note: TuningNote) {
    let ring = log.ring
    log.append { entry in
      ring.store(entry + 8, note.seconds.bitPattern)
      ring.store(entry + 16, UInt32(clamping: note.from))
      ring.store(entry + 20, UInt32(clamping: note.to))
      let reason = note.reason.utf8.wholePrefix(Self.reasonByteCount)
      ring.store(entry + 24, UInt32(reason.count))
      let stage = unsafe ring.bytes((entry + Self.stageOffset)..<(entry + Self.reasonOffset))
      unsafe stage.initializeMemory(as: UInt8.self, repeating: 0)
      unsafe stage.copyBytes(from: note.stage.utf8.wholePrefix(stage.count))
      unsafe ring.bytes((entry + Self.reasonOffset)..<(entry + RingLayout.tuningEntryByteCount))
        .copyBytes(from: reason)
    }
  }

  /// The entries that are there, the oldest first.
  package func read() -> [TuningNote] {
    let ring = log.ring
    return log.read(from: 0, upTo: log.writtenCount) { entry in
      let count = min(Int(ring.load(entry + 24, as: UInt32.self)), Self.reasonByteCount)
      let reason = (entry + Self.reasonOffset)..<(entry + Self.reasonOffset + count)
      let stage = (entry + Self.stageOffset)..<(entry + Self.reasonOffset)
      return TuningNote(
        seconds: Double(bitPattern: ring.load(entry + 8, as: UInt64.self)),
        stage: unsafe String(decoding: ring.bytes(stage).prefix { $0 != 0 }, as: UTF8.self),
        from: Int(ring.load(entry + 16, as: UInt32.self)), to: Int(ring.load(entry + 20, as: UInt32.self)),
        reason: unsafe String(decoding: ring.bytes(reason), as: UTF8.self))
    }
  }
}
