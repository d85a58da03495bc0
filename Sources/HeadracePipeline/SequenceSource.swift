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

  /// Of a collection whose `count` is O(1), such as an array; nil of a range that has more elements than an `Int` can say.
  public var count: Int? {
    if let range = elements as? any IntegerRange { return range.exactCount }
    return (elements as? any RandomAccessCollection)?.count
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
