import HeadraceCore

/// Samples in a file.
final class DiskCacheStore<Element: Sendable & Storable>: CacheStore {
  private let path: String
  private let fingerprint: String
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
      return nil
    }
  }

  func fill() throws(HeadraceError) -> any CacheFilling {
    Filling(try DiskCacheWriter(path: path, fingerprint: fingerprint))
  }

  private final class Filling: CacheFilling {
    private var writer: DiskCacheWriter?
    private(set) var problem: HeadraceError?

    init(_ writer: consuming DiskCacheWriter) {
      self.writer = consume writer
    }

    func append(_ item: Item) -> Bool {
      let value = typed(item.value, as: Element.self)
      let isKept = writer?.append(position: item.position, sample: item.label?.id, value) == true
      if !isKept { problem = writer?.problem }
      return isKept
    }

    func finish() -> Bool {
      // What goes wrong here leaves no file: the next epoch works as this one did.
      guard let whole = writer.take() else { return false }
      do {
        try whole.finish()
        return true
      } catch {
        problem = error
        return false
      }
    }
  }

  /// Lets a closure hold the reader.
  private final class Reader: @unchecked Sendable {
    var reader: DiskCacheReader
    init(_ reader: consuming DiskCacheReader) { self.reader = reader }
  }
}
