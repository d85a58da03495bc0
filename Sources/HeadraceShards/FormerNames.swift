// What HeadraceCLI and its tests still say; each goes when they say the new name.

extension ShardCompression {
  package static var none: ShardCompression { .plain }
}

extension ShardListing {
  package var fileSize: Int { fileByteCount }
  package var streamSize: Int { streamByteCount }
}

extension ShardMember {
  package var size: Int { byteCount }
}
