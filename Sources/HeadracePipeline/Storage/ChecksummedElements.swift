import HeadraceCore

/// Elements in memory that can be told from others by what they hold.
protocol ChecksummedElements {
  /// The same in every process; nil if an element cannot be stored.
  var checksum: UInt64? { get }
}

extension Array: ChecksummedElements where Element: Storable {}
extension ArraySlice: ChecksummedElements where Element: Storable {}
extension ContiguousArray: ChecksummedElements where Element: Storable {}

extension ChecksummedElements where Self: RandomAccessCollection, Element: Storable {
  var checksum: UInt64? {
    var checksum: UInt64 = 0
    var bytes: [UInt8] = []
    var rest = self[...]
    // Some at a time, so that no second copy of all is in memory.
    while !rest.isEmpty {
      bytes.removeAll(keepingCapacity: true)
      do { try Array(rest.prefix(1024)).store(into: &bytes) } catch { return nil }
      checksum = XXH64.checksum(bytes.span, seed: checksum)
      rest = rest.dropFirst(1024)
    }
    return checksum
  }
}
