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

  /// By what a cache on disk knows where its samples came from: what decides which samples come, as far as it is known
  /// without reading. `name` and `count` unless a source says more, such as a seed or which part of the data it reads.
  var fingerprint: String { get }

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
  /// The name, and how many elements there are where that is known.
  public var fingerprint: String { count.map { "\(name) of \($0)" } ?? name }
  /// Finds no mistakes: there is nothing that could be looked at before the start.
  public func validate() throws(HeadraceError) {}
}
