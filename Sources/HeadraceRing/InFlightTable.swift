import HeadraceCore
import Synchronization

/// What each lane of the worker is doing: written before each call of a stage, read when the worker is
/// found dead, or slow: then an entry can be caught while it is written, with the position of one sample and the key of
/// another. One that has died in the middle of that was at nothing.
///
/// ```
/// entry, 128 bytes:
/// stage u32 (index + 1; 0: nothing) | key length u32 | position u64 | epoch u64 | stage name 40 | sample key 64
/// ```
@safe
package struct InFlightTable: Sendable {
  private let ring: Ring

  /// The table of `ring`: the producer writes it, the consumer or a monitor reads it.
  package init(_ ring: Ring) {
    self.ring = ring
  }

  /// What one lane was doing.
  package struct Entry: Hashable, Sendable {
    /// The stage that it was working for, cut to 39 bytes: its field of 40 ends in a zero.
    package var stageName: String
    /// The epoch of the sample.
    package var epoch: Int
    /// Its position in that.
    package var position: Int
    /// The last 64 bytes of the sample's name; nil if it has none.
    package var key: String?

    /// The longest key, in bytes: of a longer name the end.
    package static var keyByteCount: Int { 64 }
  }

  /// Notes that `lane` starts to work. Lanes beyond the table are not noted.
  package func begin(lane: Int, stage: Int, name: String, epoch: Int, position: Int, sample: SampleID?) {
    guard let offset = offset(lane) else { return }
    let key = sample.map { $0.key.utf8.wholeSuffix(Entry.keyByteCount) }
    let stageWord = unsafe ring.atomic32(offset)
    let last = unsafe stageWord.pointee.load(ordering: .relaxed)
    // SYNC(in flight): nothing, then what it is, then that it is: a death on the way convicts no sample of another's
    // name.
    unsafe stageWord.pointee.store(0, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    ring.store(offset + 4, UInt32(key?.count ?? 0))
    ring.store(offset + 8, UInt64(position))
    ring.store(offset + 16, UInt64(epoch))
    if last != UInt32(stage + 1) {
      let field = unsafe ring.bytes((offset + 24)..<(offset + 64))
      unsafe field.initializeMemory(as: UInt8.self, repeating: 0)
      unsafe field.copyBytes(from: name.utf8.wholePrefix(39))
    }
    if let key { unsafe ring.bytes((offset + 64)..<(offset + 128)).copyBytes(from: key) }
    unsafe stageWord.pointee.store(UInt32(stage + 1), ordering: .releasing)
  }

  /// Notes that `lane` has nothing to do.
  package func end(lane: Int) {
    guard let offset = offset(lane) else { return }
    unsafe ring.atomic32(offset).pointee.store(0, ordering: .releasing)
  }

  /// Forgets what was at work: there is another worker.
  package func clear() {
    for lane in 0..<RingLayout.inFlightEntryCount { end(lane: lane) }
  }

  /// The lanes that are at work, or were when the worker died.
  package var entries: [Entry] { (0..<RingLayout.inFlightEntryCount).compactMap(entry) }

  /// What a lane is doing, or was; nil: nothing.
  package func entry(lane: Int) -> Entry? {
    guard let offset = offset(lane), unsafe ring.atomic32(offset).pointee.load(ordering: .acquiring) != 0 else {
      return nil
    }
    let name = unsafe String(decoding: ring.bytes((offset + 24)..<(offset + 64)).prefix { $0 != 0 }, as: UTF8.self)
    let count = Int(min(ring.load(offset + 4, as: UInt32.self), UInt32(Entry.keyByteCount)))
    let key = unsafe String(decoding: ring.bytes((offset + 64)..<(offset + 64 + count)), as: UTF8.self)
    return Entry(
      stageName: name, epoch: Int(truncatingIfNeeded: ring.load(offset + 16, as: UInt64.self)),
      position: Int(truncatingIfNeeded: ring.load(offset + 8, as: UInt64.self)), key: count == 0 ? nil : key)
  }

  private func offset(_ lane: Int) -> Int? {
    guard (0..<RingLayout.inFlightEntryCount).contains(lane) else { return nil }
    return ring.geometry.inFlightOffset + lane * RingLayout.inFlightEntryByteCount
  }
}
