import HeadraceCore
import HeadraceSystem

/// Reads a cache front to back, or from any record on.
///
/// ```swift
/// var cache = try DiskCacheReader(path: path, fingerprint: fingerprint)
/// while let sample = try cache.next() {
///   let element = try cache.element(as: Image.self)
/// }
/// ```
///
/// Each record is checked before any of it is handed out. Memory: 1 MiB, or the largest record if that is more.
package struct DiskCacheReader: ~Copyable, Sendable {
  private typealias Layout = DiskCacheLayout

  /// The least that is read at once, if there is as much: behind a jump, and when several records were read in a row.
  private static let readByteCounts = (first: 4 << 10, most: 1 << 20)

  /// Where the cache is.
  package let path: String
  /// Samples in it.
  package let count: Int
  /// Bytes of all samples, as stored.
  package let byteCount: Int

  private let file: File
  /// End of the records.
  private let indexOffset: Int
  /// Number of the record that `next` reads, and where it begins.
  private var number = 0
  private var offset: Int
  /// The part of the file that begins at `windowOffset`.
  private var window: [UInt8] = []
  private var windowOffset = 0
  private var readByteCount = readByteCounts.most
  /// The latest record: where it begins, what it says, and where its payload is in `window`.
  private var current: (offset: Int, sample: CachedSample, payload: Range<Int>)?

  /// Opens a cache that is whole.
  ///
  /// - Parameter fingerprint: what the writer was given.
  /// - Throws: `notFound` if there is none; `malformedCache` if it is cut, damaged or of another version;
  ///   `invalidArgument` if it is of another pipeline, or no cache at all; `inputOutput`.
  package init(path: String, fingerprint: String) throws(HeadraceError) {
    let file = try storing { () throws(FileError) in try File(reading: path) }
    let size = try storing { () throws(FileError) in try file.size() }
    let header = try Self.bytes(of: file, 0..<min(size, Layout.Header.byteCount))
    let headerEnd = try Self.check(header, path, size)
    let whole = try Self.bytes(of: file, 0..<headerEnd)
    let checksum = try Self.check(whole, path, fingerprint)
    let trailer = try Self.bytes(of: file, size - Layout.Trailer.byteCount..<size)
    (count, indexOffset, byteCount) = try Self.check(trailer, path, size, headerEnd, checksum)
    self.path = path
    self.file = file
    offset = headerEnd
  }

  /// The next sample; nil behind the last. Its bytes are in `payload` until the next call.
  ///
  /// - Throws: `malformedCache` with file, offset and remedy; the next call reads the same again. `inputOutput`.
  /// - Complexity: linear in the bytes of the record.
  package mutating func next() throws(HeadraceError) -> CachedSample? {
    current = nil
    guard number < count else {
      guard offset == indexOffset else {
        throw damage(offset, "more records than the \(count) that the trailer tells of")
      }
      return nil
    }
    let start = offset
    let bodyOffset = start + Layout.Record.byteCount
    guard bodyOffset <= indexOffset else { throw damage(start, "record \(number) reaches into the index") }
    try load(start..<bodyOffset)
    // Looked at before the rest is read: a wrong byte count could ask for all memory.
    guard let header = DiskCacheRecordHeader(part(start..<bodyOffset), number: number) else {
      throw damage(start, "the header of record \(number) differs from its checksum")
    }
    guard header.bodyByteCount <= indexOffset - bodyOffset else {
      throw damage(start, "record \(number) reaches into the index")
    }
    let end = bodyOffset + header.bodyByteCount
    try load(bodyOffset..<end)
    guard header.bodyChecksum == XXH64.checksum(part(bodyOffset..<end), seed: UInt64(number)) else {
      throw damage(bodyOffset, "the contents of record \(number) differ from their checksum")
    }
    let pathOffset = bodyOffset + (header.keyByteCount ?? 0)
    let payloadOffset = pathOffset + (header.pathByteCount ?? 0)
    var sample = CachedSample(position: header.position)
    if header.keyByteCount != nil {
      let path = header.pathByteCount == nil ? nil : try text(pathOffset..<payloadOffset)
      sample.sample = SampleID(key: try text(bodyOffset..<pathOffset), path: path, offset: header.sampleOffset)
    }
    let payloadStart = payloadOffset - windowOffset
    current = (start, sample, payloadStart..<payloadStart + header.payloadByteCount)
    number += 1
    offset = end
    return sample
  }

  /// The bytes of the sample that `next` gave last; none before the first and behind the last.
  package var payload: Span<UInt8> {
    @_lifetime(borrow self)
    get { window.span.extracting(current?.payload ?? 0..<0) }
  }

  /// Makes an element of the sample that `next` gave last.
  ///
  /// - Throws: `malformedCache` if its type does not take the bytes.
  package func element<Element: Storable>(as _: Element.Type = Element.self) throws(HeadraceError) -> Element {
    do {
      return try Element(storedBytes: payload)
    } catch {
      throw .damagedCache(
        path, at: current?.offset ?? 0, "a record's bytes are no \(Element.self)", sample: current?.sample.sample,
        cause: describe(error))
    }
  }

  /// Has `next` go on at record `index`, from 0; `count` is behind the last.
  ///
  /// - Throws: `malformedCache`, `inputOutput`.
  /// - Complexity: O(1); one read of 8 bytes.
  package mutating func seek(to index: Int) throws(HeadraceError) {
    precondition((0...count).contains(index), "record \(index) of \(count)")
    let target: UInt64
    if index == count {
      target = UInt64(indexOffset)
    } else {
      let entry = indexOffset + index * Layout.indexEntryByteCount
      let bytes = try Self.bytes(of: file, entry..<entry + Layout.indexEntryByteCount)
      target = BinaryField(name: "offset", offset: 0, byteCount: 8).read(bytes.span)
      // A wrong one that passes is noticed by the checksum of the record, which its number is part of.
      guard target < UInt64(indexOffset) else { throw damage(entry, "record \(index) is said to be at byte \(target)") }
    }
    number = index
    offset = Int(target)
    current = nil
    readByteCount = Self.readByteCounts.first
  }

  // MARK: Bytes of the file

  private func damage(_ offset: Int, _ what: String) -> HeadraceError { .damagedCache(path, at: offset, what) }

  /// A part of the file that `load` has put into the window.
  @_lifetime(borrow self)
  private func part(_ range: Range<Int>) -> Span<UInt8> {
    window.span.extracting(range.lowerBound - windowOffset..<range.upperBound - windowOffset)
  }

  private func text(_ range: Range<Int>) throws(HeadraceError) -> String {
    do { return try String(storedBytes: part(range)) } catch { throw damage(range.lowerBound, "a name is not UTF-8") }
  }

  private mutating func load(_ range: Range<Int>) throws(HeadraceError) {
    guard range.lowerBound < windowOffset || range.upperBound > windowOffset + window.count else { return }
    window.removeAll(keepingCapacity: true)
    windowOffset = range.lowerBound
    let end = min(max(range.upperBound, range.lowerBound + readByteCount), indexOffset)
    readByteCount = min(2 * readByteCount, Self.readByteCounts.most)
    try Self.read(file, range.lowerBound..<end, into: &window)
  }

  private static func bytes(of file: borrowing File, _ range: Range<Int>) throws(HeadraceError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(file, range, into: &bytes)
    return bytes
  }

  private static func read(
    _ file: borrowing File, _ range: Range<Int>, into bytes: inout [UInt8]
  ) throws(HeadraceError) {
    if range.isEmpty { return }
    var isAtEnd = false
    do {
      try bytes.append(addingCapacity: range.count) { (output: inout OutputSpan<UInt8>) throws(FileError) in
        while output.count < range.count && !isAtEnd {
          let before = output.count
          try file.read(into: &output, at: range.lowerBound + before)
          isAtEnd = output.count == before
        }
      }
    } catch {
      throw .storage(error)
    }
    guard !isAtEnd else {
      throw .damagedCache(file.path, at: range.lowerBound + bytes.count, "the file has become shorter while it is read")
    }
  }
}
