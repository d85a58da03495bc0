/// An element that can be written as bytes and made again from them: what a cache on disk and a quarantine keep.
///
/// ```swift
/// struct Scene: Storable {
///   var image: Image
///   var label: Int32
///
///   func store(into bytes: inout [UInt8]) throws {
///     try StoredParts.append(image, to: &bytes)
///     try StoredParts.append(label, to: &bytes)
///   }
///   init(storedBytes: Span<UInt8>) throws {
///     var parts = StoredParts(storedBytes)
///     image = try parts.next()
///     label = try parts.next()
///   }
/// }
/// ```
///
/// The bytes outlive the program: one that stores a type in another way makes caches that were written before
/// unreadable, and should be given another cache.
public protocol Storable {
  /// Appends the bytes that `init(storedBytes:)` makes the element of again; what is in `bytes` already stays.
  ///
  /// - Throws: whatever it likes, such as an error of a file that the element leads to. The element is not stored then.
  /// - Complexity: linear in the bytes of the element.
  func store(into bytes: inout [UInt8]) throws

  /// Makes an element of what one call of `store(into:)` has appended.
  ///
  /// - Parameter storedBytes: valid during the call.
  /// - Throws: whatever it likes, for bytes that `store(into:)` cannot have written; never traps.
  /// - Complexity: linear in the bytes.
  init(storedBytes: Span<UInt8>) throws

  /// The element as files that people open with the tools they have; a quarantine keeps these.
  ///
  /// Names are extensions, such as `png`, and differ from each other. Without an implementation of its own, an element
  /// is one file `bin` with its stored bytes.
  ///
  /// - Throws: whatever it likes. The element is kept without files then.
  func inspectableFiles() throws -> [(name: String, bytes: [UInt8])]
}

extension Storable {
  /// One file: `bin`, with the stored bytes.
  ///
  /// - Throws: what `store(into:)` throws.
  public func inspectableFiles() throws -> [(name: String, bytes: [UInt8])] {
    var bytes: [UInt8] = []
    try store(into: &bytes)
    return [("bin", bytes)]
  }
}
