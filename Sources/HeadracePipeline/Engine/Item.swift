/// A sample in flight, with what is needed to name it when it fails.
///
/// A class, since it is passed on several times by each stage: that costs a reference each time, while a copy of what
/// is in it would go through the value's type.
///
/// A stage puts its result in the place of the value that it had, if nobody else refers to the item: an allocation less
/// for each sample and stage. So what is read of an item after a stage has had it is read before.
@usableFromInline final class Item: Sendable {
  /// Position in the epoch, from 0; of what was made from several samples, that of the first.
  @usableFromInline let position: Int
  @usableFromInline let label: SampleLabel?
  // Written by `replace` alone: by who holds the only reference, so nobody reads meanwhile.
  /// Bytes that the value holds; 0 where its type does not tell.
  @exclusivity(unchecked) @safe @usableFromInline nonisolated(unsafe) var byteCount: Int
  @exclusivity(unchecked) @safe @usableFromInline nonisolated(unsafe) var value: AnySample

  @inlinable init(position: Int, label: SampleLabel?, byteCount: Int = 0, value: AnySample) {
    self.position = position
    self.label = label
    self.byteCount = byteCount
    self.value = value
  }

  /// Puts another value in the place of the item's, in a new item if others refer to this one.
  @inlinable static func replace(_ item: inout Item, value: AnySample, byteCount: Int) {
    if isKnownUniquelyReferenced(&item) {
      item.value = value
      item.byteCount = byteCount
    } else {
      item = Item(position: item.position, label: item.label, byteCount: byteCount, value: value)
    }
  }

  /// Stands where the results of one sample end, for who has to know: see `Route`. It is no sample and is handed on as
  /// it is, in its place, by every stage.
  static let mark = Item(position: .min, label: nil, value: Mark())

  var isMark: Bool { position == .min }

  /// What a route tells its join. It is no sample either: no statistics count it, and no hook hears of it.
  static func word(_ order: RouteOrder) -> Item { Item(position: .min + 1, label: nil, value: order) }

  /// Whether it is none of what the engine sends for its own use.
  var isSample: Bool { position >= 0 }

  private struct Mark: Sendable {}
}
