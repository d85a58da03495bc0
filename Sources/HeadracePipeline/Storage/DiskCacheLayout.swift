/// Where everything lies in a cache file: the constants of docs/formats/cache.md, and nothing else.
///
/// ```
/// offset 0         header: magic, version, checksum
///        64        fingerprint, UTF-8, zeros up to a multiple of 8
///        ...       records, each: header 48, key, path, payload, zeros up to a multiple of 8
///        ...       index: 8 bytes for each record
///        end - 64  trailer: what makes the file a whole one
/// ```
///
/// All integers are little-endian. A test compares this file with the page in docs.
enum DiskCacheLayout {
  /// Raised whenever a field moves or changes its meaning.
  static let version: UInt64 = 1
  /// Everything begins at a multiple of this.
  static let alignment = 8
  /// Bytes from one entry of the index to the next.
  static let indexEntryByteCount = 8
  /// The longest fingerprint.
  static let maximumFingerprintByteCount = 65_536
  /// In place of a byte count: there is no such text.
  static let absent = UInt64(UInt32.max)

  /// What the file begins with.
  enum Header {
    static let byteCount = 64
    /// "HRCACHE" and a zero, read as an integer.
    static let magicNumber: UInt64 = 0x0045_4843_4143_5248

    static let magic = BinaryField(name: "magic", offset: 0, byteCount: 8)
    static let version = BinaryField(name: "version", offset: 8, byteCount: 4)
    static let fingerprintByteCount = BinaryField(name: "fingerprint_bytes", offset: 12, byteCount: 4)
    static let checksum = BinaryField(name: "checksum", offset: 16, byteCount: 8)
    static let fields = [magic, version, fingerprintByteCount, checksum]
  }

  /// What each record begins with.
  enum Record {
    static let byteCount = 48

    static let headerChecksum = BinaryField(name: "header_checksum", offset: 0, byteCount: 8)
    static let bodyChecksum = BinaryField(name: "body_checksum", offset: 8, byteCount: 8)
    static let payloadByteCount = BinaryField(name: "payload_bytes", offset: 16, byteCount: 8)
    static let position = BinaryField(name: "position", offset: 24, byteCount: 8)
    static let sampleOffset = BinaryField(name: "sample_offset", offset: 32, byteCount: 8)
    static let keyByteCount = BinaryField(name: "key_bytes", offset: 40, byteCount: 4)
    static let pathByteCount = BinaryField(name: "path_bytes", offset: 44, byteCount: 4)
    static let fields = [
      headerChecksum, bodyChecksum, payloadByteCount, position, sampleOffset, keyByteCount, pathByteCount,
    ]
  }

  /// What the file ends with.
  enum Trailer {
    static let byteCount = 64
    /// "COMPLETE", read as an integer.
    static let magicNumber: UInt64 = 0x4554_454C_504D_4F43

    static let magic = BinaryField(name: "magic", offset: 0, byteCount: 8)
    static let count = BinaryField(name: "count", offset: 8, byteCount: 8)
    static let indexOffset = BinaryField(name: "index_offset", offset: 16, byteCount: 8)
    static let payloadByteCount = BinaryField(name: "payload_bytes", offset: 24, byteCount: 8)
    static let headerChecksum = BinaryField(name: "header_checksum", offset: 32, byteCount: 8)
    static let checksum = BinaryField(name: "checksum", offset: 56, byteCount: 8)
    static let fields = [magic, count, indexOffset, payloadByteCount, headerChecksum, checksum]
  }

  /// `count` rounded up to the alignment.
  static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}
