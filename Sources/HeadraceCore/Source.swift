/// Where samples come from: a value that opens one reader per epoch.
///
/// The order of elements is a function of the epoch alone, so that a run can be repeated.
public protocol Source<Element>: Sendable {
  /// What the source gives for each sample, such as `Record`. It goes from thread to thread.
  associatedtype Element: Sendable
  /// Reads one epoch; several readers of one source can exist at one time.
  associatedtype Reader: SourceReader where Reader.Element == Element

  /// What this is, for messages: `folder /data/train`.
  var name: String { get }

  /// Elements of one epoch, if that is known without reading.
  var count: Int? { get }

  /// Finds mistakes before anything starts: a missing path, an empty folder.
  ///
  /// - Throws: what is wrong, and with which value; it reaches whoever asks for the pipeline to be started.
  func validate() throws(HeadraceError)

  /// Opens epoch `epoch`, counted from 0. Called in the worker, before the first sample of the epoch is asked for.
  ///
  /// - Throws: whatever it likes. The epoch ends with that error; the next one calls this again.
  func makeReader(epoch: Int) throws -> Reader
}

extension Source {
  /// Not known without reading.
  public var count: Int? { nil }
  /// Finds no mistakes: there is nothing that could be looked at before the start.
  public func validate() throws(HeadraceError) {}
}
