/// A sample in flight, with what is needed to name it when it fails.
struct Item: Sendable {
  /// Position in the epoch, from 0; of what was made from several samples, that of the first.
  let position: Int
  let label: SampleLabel?
  /// Bytes that the value holds; 0 where its type does not tell.
  var byteCount = 0
  let value: AnySample

  /// Stands where the results of one sample end, for who has to know: see `Route`. It is no sample and is handed on as it
  /// is, in its place, by every stage.
  static let mark = Item(position: .min, label: nil, value: Mark())

  var isMark: Bool { position == .min }

  private struct Mark: Sendable {}
}
