import HeadraceCore
import Synchronization

/// Samples in a file.
final class DiskCacheStore<Element: Sendable & Storable>: CacheStore {
  private let path: String
  private let fingerprint: String
  private let writer = Mutex<Writer?>(nil)
  private let traits = ElementTraits<Element>()

  init(path: String, fingerprint: String) {
    self.path = path
    self.fingerprint = fingerprint
  }

  func open() throws(HeadraceError) -> (() throws(HeadraceError) -> Item?)? {
    do throws(HeadraceError) {
      let reader = Reader(try DiskCacheReader(path: path, fingerprint: fingerprint))
      return { [traits] () throws(HeadraceError) in
        guard let sample = try reader.reader.next() else { return nil }
        let element = try reader.reader.element(as: Element.self)
        let label = sample.sample.map(SampleLabel.init)
        return traits.item(element, from: Item(position: sample.position, label: label, value: ()))
      }
    } catch {
      guard error.code == .notFound else { throw error }
      let made = Writer(try DiskCacheWriter(path: path, fingerprint: fingerprint))
      writer.withLock { $0 = made }
      return nil
    }
  }

  func append(_ item: Item) -> Bool {
    writer.withLock { writer in
      guard
        writer?.writer?.append(position: item.position, sample: item.label?.id, typed(item.value, as: Element.self))
          == true
      else {
        writer = nil
        return false
      }
      return true
    }
  }

  func finish() -> Bool {
    // What goes wrong here leaves no file: the next epoch works as this one did.
    guard let whole = writer.withLock({ $0.take() })?.writer.take() else { return false }
    return (try? whole.finish()) != nil
  }

  func abandon() { writer.withLock { $0 = nil } }

  /// Lets a lock hold the writer.
  private final class Writer: @unchecked Sendable {
    var writer: DiskCacheWriter?
    init(_ writer: consuming DiskCacheWriter) { self.writer = consume writer }
  }

  /// Lets a closure hold the reader.
  private final class Reader: @unchecked Sendable {
    var reader: DiskCacheReader
    init(_ reader: consuming DiskCacheReader) { self.reader = reader }
  }
}
