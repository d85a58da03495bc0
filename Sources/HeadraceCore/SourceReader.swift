/// Reads one epoch of a source, front to back. Used by one thread at a time.
public protocol SourceReader<Element> {
  /// What is read, the same as the source's.
  associatedtype Element: Sendable

  /// The next element; nil at the end of the epoch.
  ///
  /// - Throws: whatever it likes. The epoch ends with that error, after the batches that were complete before it.
  mutating func next() throws -> Element?
}
