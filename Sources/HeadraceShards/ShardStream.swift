import HeadraceCore

/// The tar stream of a shard: `base` itself, or what zstd makes of it. The first bytes decide, not the name.
struct ShardStream<Base: ReadableStream & ~Copyable>: ~Copyable, ReadableStream {
  private var base: Base
  private let buffers: ShardBuffers

  /// Bytes taken from `base`, buffered ones included.
  private(set) var baseCount = 0
  /// Bytes handed out.
  private(set) var streamCount = 0
  /// How the shard is compressed; nil before the first read.
  private(set) var compression: ShardCompression.Kind?

  /// - Parameter buffers: Reused from shard to shard, by one stream at a time.
  init(_ base: consuming Base, buffers: ShardBuffers) {
    self.base = base
    self.buffers = buffers
    buffers.clear()
  }

  var name: String { base.name }

  func place(_ offset: Int) -> String {
    guard compression == .zstd else { return "byte \(offset)" }
    return "byte \(offset) of the uncompressed stream (byte \(baseCount - buffers.unread) of the file)"
  }

  mutating func read(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    let before = output.count
    defer { streamCount += output.count - before }
    switch compression {
    case .some(.zstd): try decode(into: &output)
    case .some(.plain): try copy(into: &output)
    case nil:
      try recognise()
      streamCount += output.count - before
      try read(into: &output)
      streamCount -= output.count - before
    }
  }

  /// Looks at the first four bytes (RFC 8878, sections 3.1.1 and 3.1.2).
  private mutating func recognise() throws(HeadraceError) {
    var received = true
    while buffers.unread < 4 && received { received = try refill() }
    let magic = buffers.withUnread { bytes in
      var value: UInt32 = 0
      for index in 0..<Swift.min(4, bytes.count) { value |= UInt32(bytes[index]) << UInt32(8 * index) }
      return value
    }
    let isFrame = magic == 0xFD2F_B528 || magic & 0xFFFF_FFF0 == 0x184D_2A50
    compression = isFrame ? .zstd : .plain
  }

  private mutating func copy(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    if buffers.unread == 0 {
      // A large field goes straight to its place.
      guard output.freeCapacity < ShardBuffers.capacity else {
        let before = output.count
        try base.read(into: &output)
        baseCount += output.count - before
        return
      }
      guard try refill() else { return }
    }
    buffers.move(into: &output)
  }

  private mutating func decode(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    guard !output.isFull else { return }
    let before = output.count
    while true {
      do throws(ZstdDecoder.Failure) {
        try buffers.decode(into: &output)
      } catch {
        throw failure(error, at: streamCount + output.count - before)
      }
      guard output.count == before else { return }
      if buffers.unread > 0 { continue }
      guard try refill() else {
        guard !buffers.isInFrame else {
          throw .malformedShard(
            name, at: place(streamCount),
            "the zstd frame is cut short after \(HumanUnits.count(baseCount, "byte")) of the file")
        }
        return
      }
    }
  }

  /// Takes more from `base`; false at its end.
  private mutating func refill() throws(HeadraceError) -> Bool {
    let before = buffers.unread
    try buffers.refill(from: &base)
    baseCount += buffers.unread - before
    return buffers.unread > before
  }

  private func failure(_ failure: ZstdDecoder.Failure, at offset: Int) -> HeadraceError {
    let windowLog = buffers.limits.zstdWindowLog
    return switch failure {
    case .malformed(let reason): .malformedShard(name, at: place(offset), "zstd says: \(reason)")
    case .outOfMemory:
      HeadraceError(
        .outOfMemory, "Shard \(name), \(place(offset)): no memory for the zstd window; use fewer readers at once.")
    case .windowTooLarge:
      HeadraceError(
        .limitExceeded,
        "Shard \(name), \(place(offset)): the zstd frame wants a window of more than 2^\(windowLog) bytes;"
          + " raise ShardLimits.zstdWindowLog to 31 at most, or compress with zstd --long=\(windowLog).")
    }
  }
}
