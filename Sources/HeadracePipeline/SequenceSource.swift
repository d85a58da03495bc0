import HeadraceCore

/// The elements of a sequence as a source: the same in every epoch.
public struct SequenceSource<Elements: Sequence & Sendable>: Source where Elements.Element: Sendable {
  /// An element of the sequence is a sample.
  public typealias Element = Elements.Element
  @usableFromInline let elements: Elements

  /// Reads `elements` from the front in every epoch.
  ///
  /// - Parameter elements: what gives its elements only once, such as a stream, is empty from the second epoch on.
  @inlinable public init(_ elements: Elements) {
    self.elements = elements
  }

  /// `sequence`: nothing more is known of it.
  public var name: String { "sequence" }

  /// Of a collection whose `count` is O(1), such as an array; nil of a range that has more elements than an `Int` can
  /// say.
  public var count: Int? {
    if let range = elements as? any IntegerRange { return range.exactCount }
    return (elements as? any RandomAccessCollection)?.count
  }

  /// Of a range of integers its bounds; of an array of elements that are `Storable` a checksum of them all; of anything
  /// else its `count`, as far as that is known: two lists of other samples in the same number are then taken for one.
  ///
  /// - Complexity: O(1) for a range, linear in the bytes of an array.
  public var fingerprint: String {
    if let range = elements as? any IntegerRange { return "\(name) \(range)" }
    let text = count.map { "\(name) of \($0)" } ?? name
    guard let checksum = (elements as? any ChecksummedElements)?.checksum else { return text }
    return "\(text), checksum \(String(checksum, radix: 16))"
  }

  /// A reader with an iterator of its own.
  @inlinable public func makeReader(epoch: Int) -> Reader { Reader(iterator: elements.makeIterator()) }

  /// Hands out the elements of one epoch.
  public struct Reader: SourceReader {
    @usableFromInline var iterator: Elements.Iterator

    @usableFromInline init(iterator: Elements.Iterator) { self.iterator = iterator }

    /// The next element of the sequence; nil after the last.
    @inlinable public mutating func next() -> Elements.Element? { iterator.next() }
  }
}
