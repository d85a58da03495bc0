import HeadraceCore

/// The elements of a sequence as a source: the same in every epoch.
public struct SequenceSource<Elements: Sequence & Sendable>: Source where Elements.Element: Sendable {
  public typealias Element = Elements.Element
  private let elements: Elements

  public init(_ elements: Elements) {
    self.elements = elements
  }

  public var name: String { "sequence" }

  public func makeReader(epoch: Int) -> Reader { Reader(iterator: elements.makeIterator()) }

  public struct Reader: SourceReader {
    var iterator: Elements.Iterator
    public mutating func next() -> Elements.Element? { iterator.next() }
  }
}
