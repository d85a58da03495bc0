import HeadraceCore

/// Read buffer and decoder of one reader, kept from shard to shard. Used by one stream at a time.
final class ShardBuffers {
  /// Bytes asked of the file at once. From the page cache 16 KiB to 4 MiB are alike; file systems that are reached
  /// over a network want few large reads (docs/design/0004-records.md).
  static let capacity = 512 << 10

  private var bytes: [UInt8] = []
  private var position = 0
  private var decoder: ZstdDecoder
  let limits: ShardLimits

  init(limits: ShardLimits) throws(HeadraceError) {
    self.limits = limits
    do throws(ZstdDecoder.Failure) {
      decoder = try ZstdDecoder(windowLog: limits.zstdWindowLog)
    } catch {
      throw HeadraceError(.outOfMemory, "No memory for a zstd decoder; use fewer readers at once.")
    }
  }

  /// Bytes that are read but not yet taken.
  var unread: Int { bytes.count - position }

  /// True inside a zstd frame.
  var isInFrame: Bool { decoder.isInFrame }

  /// Forgets everything about the last shard.
  func clear() {
    bytes.removeAll(keepingCapacity: true)
    position = 0
    decoder.reset()
  }

  /// Adds what one read of `base` gives.
  func refill<Base: ReadableStream & ~Copyable>(from base: inout Base) throws(HeadraceError) {
    if position == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      position = 0
    }
    let room = Self.capacity - bytes.count
    try bytes.append(addingCapacity: room) { (output: inout OutputSpan<UInt8>) throws(HeadraceError) in
      try base.read(into: &output)
    }
  }

  /// Shows what is not yet taken.
  func withUnread<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let bytes = bytes
    return body(bytes.span.extracting(position...))
  }

  /// Takes as much as `output` has room for.
  func move(into output: inout OutputSpan<UInt8>) {
    let bytes = bytes
    position += output.append(prefixOf: bytes.span.extracting(position...))
  }

  /// Decodes what is not yet taken, as far as `output` has room.
  func decode(into output: inout OutputSpan<UInt8>) throws(ZstdDecoder.Failure) {
    let bytes = bytes
    position += try decoder.decode(bytes.span.extracting(position...), into: &output)
  }
}
