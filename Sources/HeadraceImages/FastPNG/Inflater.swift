import CDeflate
import CHeadraceInflate

/// Inflates zlib streams (RFC 1950) whole, from memory to memory, with what it was made with: nothing is allocated.
///
/// Rows of photographs are literals above all, which the project's own decoder takes two or three at a time. It is the
/// slower one for what matches make, and where its larger tables serve few bytes: that is libdeflate's.
/// docs/design/0005-png.md has figures.
@safe
package struct Inflater: ~Copyable {
  /// Who decodes.
  package enum Decoder: CaseIterable {
    case literals, libdeflate
  }

  /// Bytes from which larger tables pay.
  private static let leastBytes = 8 << 10
  /// What photographs are not compressed to.
  private static let mostRatio = 8
  /// Bytes of a stream beyond its contents that no encoder makes. In the others there may be blocks of nothing, each
  /// with tables of its own.
  private static let mostExcess = 4 << 10

  private let literals: OpaquePointer
  private let libdeflate: OpaquePointer

  /// Nil where there is no memory.
  ///
  /// - Parameter isPlain: without the instructions that only some processors have; for tests.
  package init?(isPlain: Bool = false) {
    guard let literals = unsafe headrace_inflater_make(isPlain) else { return nil }
    guard let libdeflate = unsafe libdeflate_alloc_decompressor() else {
      unsafe headrace_inflater_free(literals)
      return nil
    }
    unsafe self.literals = literals
    unsafe self.libdeflate = libdeflate
  }

  deinit {
    unsafe headrace_inflater_free(literals)
    unsafe libdeflate_free_decompressor(libdeflate)
  }

  /// Fills `target` with what the stream holds, if that is exactly as much, the Adler-32 is right and nothing follows.
  ///
  /// - Parameter decoder: nil: the one that is likely to be faster.
  /// - Returns: whether it did; if not, some of `target` may have been written. The decoders differ in what they
  ///   refuse: `literals` does not know Huffman codes that are not complete, libdeflate takes some that mean nothing.
  /// - Complexity: O(bytes).
  package func inflate(
    _ stream: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<UInt8>, by decoder: Decoder? = nil
  ) -> Bool {
    switch decoder ?? Self.decoder(streamByteCount: stream.count, byteCount: target.count) {
    case .literals:
      let bytes = unsafe stream.assumingMemoryBound(to: UInt8.self)
      return unsafe headrace_inflate_zlib(literals, bytes.baseAddress, bytes.count, target.baseAddress, target.count)
    case .libdeflate:
      var read = 0
      let result = unsafe libdeflate_zlib_decompress_ex(
        libdeflate, stream.baseAddress, stream.count, target.baseAddress, target.count, &read, nil)
      return result == LIBDEFLATE_SUCCESS && read == stream.count
    }
  }

  /// Inflates with libdeflate what a stream holds, however much, up to `target`. For benchmarks.
  ///
  /// - Returns: how many bytes it made; nil if it failed.
  func inflateAll(_ stream: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    var made = 0
    let result = unsafe libdeflate_zlib_decompress_ex(
      libdeflate, stream.baseAddress, stream.count, target.baseAddress, target.count, nil, &made)
    return result == LIBDEFLATE_SUCCESS ? made : nil
  }

  /// The one that is likely to be faster.
  package static func decoder(streamByteCount: Int, byteCount: Int) -> Decoder {
    let mostStream = byteCount + byteCount / 8 + mostExcess
    return byteCount >= leastBytes && (byteCount / mostRatio...mostStream).contains(streamByteCount)
      ? .literals : .libdeflate
  }
}
