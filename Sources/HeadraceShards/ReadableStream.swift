import HeadraceCore

/// Bytes, front to back: a file, memory, or what a decoder makes of another stream.
protocol ReadableStream: ~Copyable {
  /// The file's path, for messages.
  var name: String { get }

  /// Where offset `offset` of this stream is, for messages: `byte 1024`.
  func place(_ offset: Int) -> String

  /// Appends as many bytes as are at hand: at least one, unless the stream is at its end or `output` is full.
  mutating func read(into output: inout OutputSpan<UInt8>) throws(HeadraceError)
}

extension ReadableStream where Self: ~Copyable {
  func place(_ offset: Int) -> String { "byte \(offset)" }

  /// Appends until `output` is full or the stream is at its end.
  mutating func fill(_ output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    while !output.isFull {
      let before = output.count
      try read(into: &output)
      if output.count == before { return }
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends the first bytes of `source`, as many as there is room for, and returns how many.
  @_lifetime(self: copy self)
  mutating func append(prefixOf source: Span<UInt8>) -> Int {
    let length = Swift.min(freeCapacity, source.count)
    unsafe withUnsafeMutableBufferPointer { buffer, count in
      unsafe source.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = buffer.baseAddress, length > 0 else { return }
        unsafe (to + count).initialize(from: from, count: length)
      }
      count += length
    }
    return length
  }
}
