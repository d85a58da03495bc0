/// Where samples come from: a value that opens one reader per epoch.
///
/// The order of elements is a function of the epoch alone, so that a run can be repeated.
public protocol Source<Element>: Sendable {
  associatedtype Element: Sendable
  associatedtype Reader: SourceReader where Reader.Element == Element

  /// What this is, for messages: `folder /data/train`.
  var name: String { get }

  /// Elements of one epoch, if that is known without reading.
  var count: Int? { get }

  /// Finds mistakes before anything starts: a missing path, an empty folder.
  func validate() throws(HeadraceError)

  /// Opens epoch `epoch`, counted from 0.
  func makeReader(epoch: Int) throws -> Reader
}

extension Source {
  public var count: Int? { nil }
  public func validate() throws(HeadraceError) {}
}

/// Reads one epoch of a source, front to back. Used by one thread at a time.
public protocol SourceReader<Element> {
  associatedtype Element: Sendable

  /// The next element; nil at the end of the epoch.
  mutating func next() throws -> Element?
}
