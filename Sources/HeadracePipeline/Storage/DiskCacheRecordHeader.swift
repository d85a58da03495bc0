import HeadraceCore

/// What a record of a cache begins with: how long its parts are, and the numbers that belong to the sample.
struct DiskCacheRecordHeader: Hashable, Sendable {
  private typealias Layout = DiskCacheLayout.Record

  var payloadByteCount: Int
  var position: Int
  var sampleOffset: Int?
  /// nil: no sample was named.
  var keyByteCount: Int?
  var pathByteCount: Int?
  /// Of key, path, payload and the zeros behind them.
  var bodyChecksum: UInt64 = 0

  /// Bytes from the end of the header to the next record.
  var bodyByteCount: Int { DiskCacheLayout.aligned((keyByteCount ?? 0) + (pathByteCount ?? 0) + payloadByteCount) }

  /// The header of a sample.
  init(position: Int, sample: SampleID?, payloadByteCount: Int) {
    self.payloadByteCount = payloadByteCount
    self.position = position
    sampleOffset = sample?.offset
    keyByteCount = sample?.key.utf8.count
    pathByteCount = sample?.path?.utf8.count
  }

  /// Reads the header of record `number`; nil if it differs from its checksum, or says what no header says.
  init?(_ bytes: Span<UInt8>, number: Int) {
    let checked = bytes.extracting(Layout.bodyChecksum.offset...)
    guard Layout.headerChecksum.read(bytes) == XXH64.checksum(checked, seed: UInt64(number)) else { return nil }
    // A bound for each, so that their sum does not overflow.
    guard Layout.payloadByteCount.read(bytes) < 1 << 62, Layout.position.read(bytes) < 1 << 62 else { return nil }
    payloadByteCount = Int(Layout.payloadByteCount.read(bytes))
    position = Int(Layout.position.read(bytes))
    let offset = Int64(bitPattern: Layout.sampleOffset.read(bytes))
    sampleOffset = offset < 0 ? nil : Int(offset)
    let key = Layout.keyByteCount.read(bytes)
    keyByteCount = key == DiskCacheLayout.absent ? nil : Int(key)
    let path = Layout.pathByteCount.read(bytes)
    pathByteCount = path == DiskCacheLayout.absent ? nil : Int(path)
    bodyChecksum = Layout.bodyChecksum.read(bytes)
  }

  /// Writes the header of record `number`, which begins at `start`.
  func write(into bytes: inout [UInt8], at start: Int, number: Int) {
    func text(_ byteCount: Int?) -> UInt64 { byteCount.map { UInt64($0) } ?? DiskCacheLayout.absent }
    Layout.bodyChecksum.write(bodyChecksum, into: &bytes, at: start)
    Layout.payloadByteCount.write(UInt64(payloadByteCount), into: &bytes, at: start)
    Layout.position.write(UInt64(position), into: &bytes, at: start)
    Layout.sampleOffset.write(UInt64(bitPattern: Int64(sampleOffset ?? -1)), into: &bytes, at: start)
    Layout.keyByteCount.write(text(keyByteCount), into: &bytes, at: start)
    Layout.pathByteCount.write(text(pathByteCount), into: &bytes, at: start)
    let checked = start + Layout.bodyChecksum.offset..<start + Layout.byteCount
    let checksum = XXH64.checksum(bytes.span.extracting(checked), seed: UInt64(number))
    Layout.headerChecksum.write(checksum, into: &bytes, at: start)
  }
}
