/// One member of a tar stream with all extension headers applied.
struct TarMember: Equatable {
  var name: String
  /// Bytes of data.
  var size: Int
  /// Offset of the first header that belongs to the member, in bytes of the uncompressed stream.
  var offset: Int
  /// Offset of the data.
  var dataOffset: Int
  var type: ShardMember.Kind
}
