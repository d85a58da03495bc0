/// A sample in flight, with what is needed to name it when it fails.
///
/// A class, since it is passed on several times by each stage: that costs a reference each time, while a copy of what is
/// in it would go through the value's type.
@usableFromInline final class Item: Sendable {
  /// Position in the epoch, from 0; of what was made from several samples, that of the first.
  @usableFromInline let position: Int
  @usableFromInline let label: SampleLabel?
  /// Bytes that the value holds; 0 where its type does not tell.
  @usableFromInline let byteCount: Int
  @usableFromInline let value: AnySample

  @inlinable init(position: Int, label: SampleLabel?, byteCount: Int = 0, value: AnySample) {
    self.position = position
    self.label = label
    self.byteCount = byteCount
    self.value = value
  }

  /// Stands where the results of one sample end, for who has to know: see `Route`. It is no sample and is handed on as it
  /// is, in its place, by every stage.
  static let mark = Item(position: .min, label: nil, value: Mark())

  var isMark: Bool { position == .min }

  private struct Mark: Sendable {}
}
